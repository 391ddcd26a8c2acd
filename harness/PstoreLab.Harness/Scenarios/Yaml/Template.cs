namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>A part of the document that is bound anew for each cell of the matrix.</summary>
internal sealed class Template<T>(YamlNode node, DocumentKey key)
{
    public T For(Cell cell) => (T)new Binder(cell).Bind(typeof(T), node, key);
}

namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>A part of the document that is bound anew for each cell of the matrix.</summary>
internal sealed class Template<T>(YamlNode node, DocumentKey key, ISet<OldWord> oldWords)
{
    /// <param name="cell">Null to leave every <c>${…}</c> as it is.</param>
    public T For(Cell? cell) => (T)new Binder(cell, oldWords).Bind(typeof(T), node, key);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Scenarios;

/// <summary>A number that counts one kind of thing, so that it cannot be taken for the number of another.</summary>
public interface INumbered<TSelf>
    where TSelf : struct, INumbered<TSelf>
{
    int Value { get; }

    static abstract TSelf From(int value);
}

/// <summary>Writes such a number as a plain one, also where it is the key of a table.</summary>
public sealed class NumberConverter<T> : JsonConverter<T>
    where T : struct, INumbered<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.From(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);

    public override T ReadAsPropertyName(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) =>
        int.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out int value)
            ? T.From(value)
            : throw new JsonException($"'{reader.GetString()}' is no number");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value.ToString(CultureInfo.InvariantCulture));
}

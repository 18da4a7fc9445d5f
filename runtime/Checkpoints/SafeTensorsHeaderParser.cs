using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OptimGen;

/// <summary>
/// Parses the JSON of a header: <c>{"__metadata__": {"key": "value", …}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}</c>.
/// Whatever the format does not define is refused: duplicate and unknown keys, numbers that are not plain integers, other types.
/// </summary>
internal ref struct SafeTensorsHeaderParser
{
    /// <summary>The header, a tensor, its shape.</summary>
    private const int Depth = 3;

    private readonly string? path;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<SafeTensor> tensors = [];
    private readonly OrderedDictionary<string, string> metadata = new(StringComparer.Ordinal);
    private readonly List<long> numbers = [];
    private (long Position, byte[] Digits)? checksum;
    private Utf8JsonReader reader;

    private SafeTensorsHeaderParser(ReadOnlySpan<byte> json, string? path)
    {
        this.path = path;
        reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Depth });
    }

    /// <param name="json">The header, without its length.</param>
    /// <param name="path">The path of the file, for messages.</param>
    /// <exception cref="CheckpointException">The header is invalid.</exception>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, string? path)
    {
        if (!Utf8.IsValid(json))
        {
            throw new CheckpointException("The header is not valid UTF-8.", path);
        }

        try
        {
            return new SafeTensorsHeaderParser(json, path).ParseHeader(SafeTensorsHeader.LengthSize + json.Length);
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"The header is not valid JSON: {e.Message}", path, e);
        }
    }

    private SafeTensorsHeader ParseHeader(long dataStart)
    {
        reader.Read();
        Require(JsonTokenType.StartObject, "The header", "an object");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = Text("a name in the header");
            if (!names.Add(name))
            {
                throw Wrong($"The name {Quoted.Text(name)} occurs more than once in the header.");
            }

            reader.Read();
            if (name == SafeTensorsHeader.MetadataKey)
            {
                ParseMetadata();
            }
            else
            {
                ParseTensor(name);
            }
        }

        // Past the end there may be white space alone; the reader throws at anything else.
        reader.Read();
        return new SafeTensorsHeader(tensors, metadata, dataStart, path) { Checksum = checksum };
    }

    private void ParseMetadata()
    {
        Require(JsonTokenType.StartObject, SafeTensorsHeader.MetadataKey, "an object");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = Text("a key of the metadata");
            reader.Read();
            Require(JsonTokenType.String, $"The metadata {Quoted.Text(key)}", "a string");
            if (key == SafeTensorsChecksum.Key)
            {
                ParseChecksum();
                continue;
            }

            string value = Text($"the metadata {Quoted.Text(key)}");
            if (value.StartsWith(SafeTensorsChecksum.Prefix, StringComparison.Ordinal))
            {
                throw Wrong($"The metadata {Quoted.Text(key)} has the value of {SafeTensorsChecksum.Key}; the file is damaged.");
            }

            if (!metadata.TryAdd(key, value))
            {
                throw Wrong($"The key {Quoted.Text(key)} occurs more than once in the metadata.");
            }
        }
    }

    private void ParseChecksum()
    {
        if (checksum is not null)
        {
            throw Wrong($"The key '{SafeTensorsChecksum.Key}' occurs more than once in the metadata.");
        }

        // The raw bytes: with escapes, the digits would stand elsewhere.
        if (!SafeTensorsChecksum.IsWellFormed(reader.ValueSpan))
        {
            string form = $"'{SafeTensorsChecksum.Prefix}' and {SafeTensorsChecksum.DigitCount} lower-case hexadecimal digits";
            throw Wrong($"The metadata '{SafeTensorsChecksum.Key}' is {Quoted.Text(Text(SafeTensorsChecksum.Key))}; it must be {form}.");
        }

        const int Quote = 1;
        long position = SafeTensorsHeader.LengthSize + reader.TokenStartIndex + Quote + SafeTensorsChecksum.Prefix.Length;
        checksum = (position, reader.ValueSpan[SafeTensorsChecksum.Prefix.Length..].ToArray());
    }

    private void ParseTensor(string name)
    {
        string tensor = $"The tensor {Quoted.Text(name)}";
        Require(JsonTokenType.StartObject, tensor, "an object");
        SafeTensorsDtype? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = Text($"a key of the tensor {Quoted.Text(name)}");
            reader.Read();
            bool isNew = key switch
            {
                "dtype" => dtype is null,
                "shape" => shape is null,
                "data_offsets" => offsets is null,
                _ => throw Wrong($"{tensor} has the unknown key {Quoted.Text(key)}."),
            };
            if (!isNew)
            {
                throw Wrong($"{tensor} has the key '{key}' more than once.");
            }

            switch (key)
            {
                case "dtype":
                    dtype = ParseDtype(tensor);
                    break;
                case "shape":
                    shape = ParseNumbers($"The shape of the tensor {Quoted.Text(name)}");
                    break;
                default:
                    offsets = ParseNumbers($"data_offsets of the tensor {Quoted.Text(name)}");
                    break;
            }
        }

        if (dtype is null || shape is null || offsets is null)
        {
            throw Wrong($"{tensor} has no {(dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets")}.");
        }

        if (offsets.Length != 2)
        {
            throw Wrong($"data_offsets of the tensor {Quoted.Text(name)} has {offsets.Length} numbers; it must have 2.");
        }

        if (TensorSize.Compute(dtype.Value, shape, out TensorSize size) is { } problem)
        {
            throw Wrong($"{tensor} {problem}.");
        }

        // No overflow: offsets are not negative. An end before the begin is another size, too.
        if (offsets[1] - offsets[0] != size.Bytes)
        {
            throw Wrong(
                $"{tensor}, {dtype.Value.FormatName()} {SafeTensor.ShapeText(shape)}, has {size.Bytes} bytes, but its data_offsets are {offsets[0]} and {offsets[1]}.");
        }

        tensors.Add(new SafeTensor(name, dtype.Value, Array.AsReadOnly(shape), size, offsets[0]));
    }

    private SafeTensorsDtype ParseDtype(string tensor)
    {
        Require(JsonTokenType.String, $"dtype of {tensor}", "a string");
        string dtype = Text($"dtype of {tensor}");
        return SafeTensorsDtypes.TryParse(dtype, out SafeTensorsDtype parsed)
            ? parsed
            : throw Wrong($"{tensor} has the dtype {Quoted.Text(dtype)}, which the format does not define.");
    }

    private long[] ParseNumbers(string what)
    {
        Require(JsonTokenType.StartArray, what, "an array");
        numbers.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(JsonTokenType.Number, $"An element of {what}", "a number");
            // Unsigned: "-0" is no size. Plain digits alone: "1.0" and "1e3" are not integers of the format.
            if (!reader.TryGetUInt64(out ulong number) || number > long.MaxValue)
            {
                string text = Encoding.UTF8.GetString(reader.ValueSpan);
                throw Wrong($"{what} has the number {Quoted.Text(text)}; numbers must be integers from 0 to 2^63 - 1.");
            }

            numbers.Add((long)number);
        }

        return [.. numbers];
    }

    private readonly string Text(string what)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // An escape is half of a surrogate pair.
            throw new CheckpointException($"The text of {what} is not valid Unicode.", path, e);
        }
    }

    private readonly void Require(JsonTokenType type, string what, string expected)
    {
        if (reader.TokenType != type)
        {
            throw Wrong($"{what} is not {expected}.");
        }
    }

    private readonly CheckpointException Wrong(string finding) => new(finding, path);
}

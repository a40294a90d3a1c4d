using System.Text.Json.Serialization;

namespace Peregrine.Designing.Lab;

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, double>))]
internal sealed partial class LabJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Perilune.Model;

[JsonSerializable(typeof(string))]
internal sealed partial class ModelJson : JsonSerializerContext;

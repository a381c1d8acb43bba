using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Json;

/// <summary>
/// What a model was asked, out of the whole request that wrappers of clients record: <c>{"messages":[…],"tools":[…]}</c> is
/// messages, and parameters beside them.
/// </summary>
internal static class ModelRequest
{
    private static readonly string[] s_inputs = ["messages", "input", "contents", "prompts", "prompt"];

    /// <summary>The input; the rest of the request is added to <paramref name="parameters"/>.</summary>
    public static RawJson Split(JsonElement? request, JsonObjectDraft parameters)
    {
        var name = Array.Find(s_inputs, name => request.Get(System.Text.Encoding.UTF8.GetBytes(name)) is not null);
        if (name is null)
        {
            return request.Raw();
        }

        parameters.AddMembers(request, name);
        var input = request.Get(System.Text.Encoding.UTF8.GetBytes(name));

        // LangChain can ask about several lists of messages at once, and asks about one.
        return (input is { ValueKind: JsonValueKind.Array } lists && lists.GetArrayLength() == 1 && lists[0].ValueKind == JsonValueKind.Array ? input.First() : input).Raw();
    }
}

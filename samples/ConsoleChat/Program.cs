// A chat in the console, streamed: a thread with its messages, time to the first token, tokens and cost.
using Microsoft.Extensions.AI;
using PeriluneSdk;
using Samples;

await using var perilune = Perilune.Start();
using var chat = Models.Create().AsBuilder().UsePerilune().Build();

var thread = Perilune.OpenThread(user: new PeriluneUser(Environment.UserName) { Name = "Console user" });
var history = new List<ChatMessage> { new(ChatRole.System, "You are a terse assistant.") };
Console.WriteLine("Say something; an empty line ends.");
while (Console.ReadLine() is { Length: > 0 } text)
{
    history.Add(new ChatMessage(ChatRole.User, text));
    var question = thread.TrackMessage(history[^1]);
    using (thread.Scope(question))
    {
        var answer = await chat.GetStreamingResponseAsync(history).Printed();
        history.Add(new ChatMessage(ChatRole.Assistant, answer));
        thread.TrackMessage(history[^1]);
    }
}

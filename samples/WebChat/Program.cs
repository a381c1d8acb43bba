// A chat service with users and threads: POST /chat, and POST /feedback for thumbs from the browser.
using Microsoft.Extensions.AI;
using PeriluneSdk;
using Samples;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(static o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, ChatJson.Default));
builder.Services.AddPerilune();
builder.Services.AddChatClient(static _ => Models.Create()).UsePerilune();
builder.Services.AddHealthChecks().AddPerilune();

var app = builder.Build();

// A real service takes the user from who signed in, which is the default.
app.UsePeriluneContext(static o => o.User = static context => context.Request.Headers["X-User-Id"] is [{ } id] ? new PeriluneUser(id) : null);
app.MapHealthChecks("/health");
app.MapPeriluneFeedback("/feedback");
app.MapPost("/chat", static async (ChatRequest request, IChatClient chat, CancellationToken cancellationToken) =>
{
    var thread = Perilune.OpenThread(request.Thread);
    var question = thread.TrackMessage("user", request.Text);
    using var scope = thread.Scope(question);
    using var agent = Perilune.Agent("SupportAgent").Input(request.Text);
    var answer = await chat.GetResponseAsync(request.Text, cancellationToken: cancellationToken);
    agent.Output(answer.Text);
    thread.TrackMessage("assistant", answer.Text);
    return new ChatReply(thread.Id, agent.Id, answer.Text);
});
app.Run();

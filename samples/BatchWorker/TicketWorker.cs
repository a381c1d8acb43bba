using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using PeriluneSdk;
using PeriluneSdk.Prompts;

namespace Samples;

/// <summary>Works through one batch of tickets, and ends the program.</summary>
internal sealed class TicketWorker(IChatClient chat, PromptClient prompts, IHostApplicationLifetime application) : BackgroundService
{
    private const int AtOnce = 4;

    private static readonly Prompt s_fallback = Prompt.Chat(("system", "Answer with one word: billing, technical or other."), ("user", "{{ticket}}"));

    private static readonly string[] s_tickets =
        ["I was charged twice", "The app crashes at start", "How do I export my data?", "Where is my invoice?", "Login fails", "Do you ship to France?"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var template = await prompts.GetAsync("classify-ticket", s_fallback, stoppingToken);
        using (Perilune.Scope(tags: ["nightly"]))
        using (var batch = Perilune.Chain("classify tickets").Metadata("tickets", s_tickets.Length))
        {
            await Parallel.ForEachAsync(s_tickets, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, async (ticket, cancellationToken) =>
            {
                using var scope = Perilune.Scope(user: $"customer-{ticket.Length}");
                using var step = Perilune.Chain("classify").Input(ticket);
                var prompt = template.Render(("ticket", ticket));
                var answer = await chat.GetResponseAsync(prompt.Messages, prompt.Options, cancellationToken);
                step.Output(answer.Text);
                step.Score("length", answer.Text.Length);
                Console.WriteLine($"{ticket} -> {answer.Text}");
            });
        }

        application.StopApplication();
    }
}

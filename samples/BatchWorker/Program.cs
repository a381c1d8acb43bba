// A worker that classifies tickets: one chain per batch, one call per ticket, a score for each, and a prompt template.
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Samples;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddPerilune();
builder.Services.AddChatClient(static _ => Models.Create()).UsePerilune();
builder.Services.AddHostedService<TicketWorker>();
await builder.Build().RunAsync();

using Microsoft.AspNetCore.Http;

namespace Perilune.Control;

/// <summary>Metadata of an endpoint whose clients expect refusals in a form of their own: given the status and the message.</summary>
public sealed class RefusalWriter(Func<HttpContext, int, string, Task> write)
{
    public Task WriteAsync(HttpContext context, int status, string message) => write(context, status, message);
}

[assembly: AssemblyFixture(typeof(Perilune.Browser.Tests.DemoServer))]

namespace Perilune.Browser.Tests;

/// <summary>The server as <c>--demo</c> starts it, with its month of runs.</summary>
public sealed class DemoServer() : ServerProcess("--demo");

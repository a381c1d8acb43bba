namespace Perilune.Server.Tests.Faults;

/// <summary>A server process that tests of bad input share: none of them may disturb another.</summary>
[CollectionDefinition]
public sealed class OneServer : ICollectionFixture<OneServer.Process>
{
    public sealed class Process : IAsyncLifetime
    {
        private ServerProcess _server = null!;

        internal FaultyClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _server = await ServerProcess.StartAsync();
            Client = new FaultyClient(_server);
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}

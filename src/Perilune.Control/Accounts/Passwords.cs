using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>Hashes and checks passwords, at most two at a time: each takes a core for a tenth of a second by design.</summary>
internal sealed class Passwords : IDisposable
{
    private readonly PasswordHasher<AccountRow> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private readonly SemaphoreSlim _gate = new(2, 2);
    private readonly Lazy<string> _decoy;

    public Passwords() => _decoy = new Lazy<string>(() => _hasher.HashPassword(null!, Secrets.NewToken()));

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _hasher.HashPassword(null!, password);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes as long without a hash as with one, so that an answer's delay does not tell which accounts exist.</summary>
    public async Task<bool> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var matches = _hasher.VerifyHashedPassword(null!, hash ?? _decoy.Value, password) != PasswordVerificationResult.Failed;
            return matches && hash is not null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}

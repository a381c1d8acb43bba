namespace Perilune.Storage.Sqlite;

/// <summary>
/// Space on the disk that is kept taken, so that there is some to delete with when the disk is full: what is deleted is
/// first written to a log. Storing events never gets any of it.
/// </summary>
internal sealed class Ballast(string folder)
{
    /// <summary>What removing some thousand runs writes, about.</summary>
    private const int Bytes = 8 << 20;

    private readonly Lock _gate = new();
    private readonly string _path = Path.Combine(folder, "ballast");

    /// <summary>Takes the space, where there is plenty: nothing happens when the disk is nearly full.</summary>
    public void Take()
    {
        lock (_gate)
        {
            if (File.Exists(_path))
            {
                return;
            }

            try
            {
                Durable.CreateDirectory(folder);
                using var file = new FileStream(_path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = Bytes });
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Without it everything works, until the disk is full.
            }
        }
    }

    /// <summary>Gives the space back. False when there is none to give.</summary>
    public bool Drop()
    {
        lock (_gate)
        {
            if (!File.Exists(_path))
            {
                return false;
            }

            try
            {
                File.Delete(_path);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }
}

using System.Buffers;
using Perilune.Model;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>Puts payloads together again.</summary>
internal static class BodyReader
{
    public static RawJson Read(Database db, byte[]? rope)
    {
        if (rope is null)
        {
            return default;
        }

        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (var segment in new Rope(rope))
        {
            bytes.Write(segment.Body == 0 ? segment.Literal : Body(db, segment.Body));
        }

        return new RawJson(bytes.WrittenMemory);
    }

    private static byte[] Body(Database db, long id)
    {
        var statement = db.Prepare("SELECT data FROM body WHERE id = ?1").Bind(1, id);
        var found = statement.Step();
        var body = found ? BodyCodec.Decode(statement.Blob(0)) : null;
        statement.Reset();
        return body ?? throw new InvalidDataException($"Body {id} is missing: the run file is damaged.");
    }
}

using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>Every row of <c>run</c> against its own state: the columns only repeat it.</summary>
internal sealed class RunRowCheck(Database db, Terms terms, BodyUse bodies, PriceBook prices, ProblemList problems)
{
    private const int ProgressEvery = 100_000;
    private static readonly string[] s_payloads = ["input", "output", "error", "params", "attributes"];
    private long _tags;

    public long Runs { get; private set; }

    public long OtherPrices { get; private set; }

    public void Run(Action<long>? progress)
    {
        using var row = db.PrepareOnce(
            "SELECT seq, id, trace, parent, start, duration, type, status, name, own_user, tokens, cost, is_root, state, input, output, error, params, attributes, own_thread, own_env, own_tags, tags FROM run ORDER BY seq");
        while (row.Step())
        {
            try
            {
                Check(row);
            }
            catch (Exception e) when (e is not SqliteException && ProblemList.IsUnreadable(e))
            {
                problems.Add($"Row {row.Int64(0)} of run cannot be decoded: {e.Message}");
            }

            if (++Runs % ProgressEvery == 0)
            {
                progress?.Invoke(Runs);
            }
        }

        var stored = db.ScalarInt64("SELECT count(*) FROM run_tag");
        problems.Expect(stored == _tags, $"The tag index has {stored} entries where the runs have {_tags}.");
    }

    private void Check(Statement row)
    {
        var (seq, id) = (row.Int64(0), row.Id(1));
        Rope? Payload(int i) => Rope.FromColumn(row.Bytes(14 + i));
        var state = StateReader.Read(id, row.Blob(13), new StatePayloads(Payload(0), Payload(1), Payload(2), Payload(3), Payload(4), default), terms.ValueOf);
        Same("parent", row.NullableId(3), state.Parent.IsSet ? state.Parent.Value : null);
        Same("own_thread", row.NullableId(19), state.TraceThread.IsSet ? state.TraceThread.Value : null);
        Same("start", row.Int64(4), ListTime.Of(state.Start, state.FirstReceived).Micros);
        Same("duration", row.NullableInt64(5), state.End is { } end ? end.Micros - state.Start.Micros : null);
        Same("type", Text(row.NullableInt64(6)), state.Type.Value);
        Same("status", row.Int64(7), (long)state.Status);
        Same("name", Text(row.NullableInt64(8)), state.Name.Value);
        Same("own_user", Text(row.NullableInt64(9)), state.User.Value);
        Same("own_env", Text(row.NullableInt64(20)), state.Environment.Value);
        Same("own_tags", LabelColumns.Decode(row.Blob(21), terms.ValueOf), state.Tags.Merged);
        Same("tokens", row.NullableInt64(10), state.Usage.Value?.Total);
        Same("is_root", row.Int64(12), row.Id(2) == id && RunScopes.IsTraceRoot(state.Type.Value ?? "") ? 1 : 0);
        OtherPrices += row.NullableInt64(11) == PricedCall.Of(state)?.CostBy(prices) ? 0 : 1;
        Stamped<Payload>[] fields = [state.Input, state.Output, state.Error, state.Params, state.Attributes];
        for (var i = 0; i < fields.Length; i++)
        {
            Same(s_payloads[i] + " is there", !row.IsNull(14 + i), fields[i].IsSet);
            bodies.Refer(row.Bytes(14 + i), $"Run {id}, {s_payloads[i]},");
        }

        CheckTags(id, seq, row.Int64(4), LabelColumns.Decode(row.Blob(22), terms.ValueOf));

        void Same<T>(string column, T stored, T expected) => problems.Expect(
            EqualityComparer<T>.Default.Equals(stored, expected), $"Run {id}: column {column} has '{stored}' where its state says '{expected}'.");
    }

    private void CheckTags(RunId id, long seq, long start, TagList tags)
    {
        foreach (var tag in tags)
        {
            _tags++;
            var entry = db.Prepare("SELECT 1 FROM run_tag WHERE tag = (SELECT id FROM term WHERE value = ?1) AND start = ?2 AND seq = ?3").Bind(1, tag).Bind(2, start).Bind(3, seq);
            problems.Expect(entry.Step(), $"Run {id}: its tag '{tag}' is missing from the tag index.");
            entry.Reset();
        }
    }

    private string? Text(long? term) => term is { } value ? terms.ValueOf(value) : null;
}

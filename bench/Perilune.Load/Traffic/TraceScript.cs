using System.Text.Json;

namespace Perilune.Load.Traffic;

/// <summary>What happens in one trace: which application runs, and what it calls.</summary>
internal sealed class TraceScript(TrafficOptions options, int index, EventSink sink)
{
    private readonly Dice _dice = new(options.Seed, index);

    public void Play()
    {
        var steps = new TraceSteps(options, index, _dice, sink);
        switch (_dice.Next())
        {
            case < 0.001:
                Agent(steps, null, turns: 22 + _dice.Below(6));
                break;
            case < 0.42:
                Agent(steps, null, Turns());
                break;
            case < 0.62:
                AnswerWithSources(steps);
                break;
            case < 0.85:
                steps.Llm(null, Messages.Conversation(_dice, ""), withTools: _dice.Chance(0.2), tool: null);
                break;
            default:
                Thread(steps);
                break;
        }
    }

    private int Turns() => _dice.Chance(0.43) ? 0 : 1 + (int)(_dice.Next() * 2.2);

    /// <summary>Calls the model until it stops asking for tools; every call sends the whole conversation again.</summary>
    private string Agent(TraceSteps steps, string? parent, int turns)
    {
        var name = _dice.Pick(Catalogue.Agents);
        var question = Prose.Write(_dice, Math.Min(4000, _dice.LogNormal(160, 0.9)));
        var agent = steps.Start("agent", name, parent, json => json.WriteString("input", question), described: true);
        var inner = agent;
        string? chain = null;
        if (_dice.Chance(0.42))
        {
            chain = inner = steps.Start("chain", _dice.Pick(Catalogue.Chains), agent, json => WriteQuestion(json, question));
        }

        if (_dice.Chance(0.5))
        {
            steps.Retrieve(inner);
        }

        var history = Messages.Conversation(_dice, name);
        history[^1] = Messages.Text("user", question);
        for (var turn = 0; turn < turns; turn++)
        {
            var tool = _dice.Pick(Catalogue.Tools);
            var call = steps.Llm(inner, history, withTools: true, tool);
            steps.Tool(inner, tool, history, call);
        }

        var answer = steps.Llm(inner, history, withTools: turns > 0, tool: null);
        if (chain is not null)
        {
            steps.End("chain", chain, json => WriteAnswer(json, answer), 2);
        }

        steps.End("agent", agent, json => json.WriteString("output", answer), 3);
        return answer;
    }

    private void AnswerWithSources(TraceSteps steps)
    {
        var name = _dice.Pick(Catalogue.Chains);
        var question = Prose.Write(_dice, 120);
        var chain = steps.Start("chain", name, null, json => WriteQuestion(json, question), described: true);
        steps.Retrieve(chain);
        var answer = steps.Llm(chain, Messages.Conversation(_dice, name), withTools: false, tool: null);
        steps.End("chain", chain, json => WriteAnswer(json, answer), 2);
    }

    private void Thread(TraceSteps steps)
    {
        var thread = _dice.Uuid();
        var exchanges = 1 + (int)Math.Min(12, _dice.LogNormal(2, 0.7));
        for (var i = 0; i < exchanges; i++)
        {
            var question = steps.Chat(thread, "user", Prose.Write(_dice, Math.Min(4000, _dice.LogNormal(120, 0.8))), runs: i == 0 ? 2 : 1);
            var answer = i == 0 && _dice.Chance(0.4)
                ? Agent(steps, question, Turns())
                : Prose.Write(_dice, Math.Min(8000, _dice.LogNormal(400, 0.9)));
            steps.Chat(thread, "assistant", answer, runs: 0);
        }
    }

    private static void WriteQuestion(Utf8JsonWriter json, string question)
    {
        json.WriteStartObject("input");
        json.WriteString("question", question);
        json.WriteNumber("k", 4);
        json.WriteEndObject();
    }

    private static void WriteAnswer(Utf8JsonWriter json, string answer)
    {
        json.WriteStartObject("output");
        json.WriteString("answer", answer);
        json.WriteEndObject();
    }
}

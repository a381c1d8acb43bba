using System.ComponentModel;
using ModelContextProtocol.Server;
using PeriluneSdk;

namespace Samples;

[McpServerToolType]
internal sealed class WeatherTools
{
    [McpServerTool(Name = "get_weather"), Description("The weather in a city, now.")]
    public static async Task<string> GetWeatherAsync([Description("Name of the city")] string city, CancellationToken cancellationToken)
    {
        using var search = Perilune.Retriever("stations").Input(city);
        await Task.Delay(20, cancellationToken);
        search.Output("station-7");
        return $"It is 18 °C and sunny in {city}.";
    }
}

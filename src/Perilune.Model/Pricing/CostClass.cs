namespace Perilune.Model.Pricing;

/// <summary>What a call is charged for. A class stands after those it is part of.</summary>
public enum CostClass
{
    Input,
    CacheRead,
    CacheWrite,
    CacheWrite1h,
    InputAudio,
    CacheReadAudio,
    InputImage,
    CacheReadImage,
    InputVideo,
    Output,
    Reasoning,
    OutputAudio,
    OutputImage,
    OutputVideo,
    Requests,
    WebSearches,
}

namespace Perilune.Server.Ui;

public sealed record Tab(string Label, string Url, bool IsCurrent);

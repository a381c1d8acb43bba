namespace Perilune.Model.Counting;

public enum Granularity { Quarter, Hour, Day, Week, Month }

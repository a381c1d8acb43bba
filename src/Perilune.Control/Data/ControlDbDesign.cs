using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Perilune.Control.Data;

/// <summary>What <c>dotnet ef migrations add</c> builds the model with.</summary>
internal sealed class ControlDbDesign : IDesignTimeDbContextFactory<ControlDb>
{
    public ControlDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ControlDb>().UseSqlite("Data Source=:memory:").Options);
}

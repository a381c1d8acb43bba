using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Perilune.Control.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Prices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "prices",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ProjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Provider = table.Column<string>(type: "TEXT", nullable: true),
                    Match = table.Column<string>(type: "TEXT", nullable: false),
                    Pattern = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<DateTimeOffset>(type: "TEXT", nullable: true),
                    Input = table.Column<decimal>(type: "TEXT", nullable: false),
                    Output = table.Column<decimal>(type: "TEXT", nullable: false),
                    CacheRead = table.Column<decimal>(type: "TEXT", nullable: true),
                    CacheWrite = table.Column<decimal>(type: "TEXT", nullable: true),
                    CacheWrite1h = table.Column<decimal>(type: "TEXT", nullable: true),
                    Reasoning = table.Column<decimal>(type: "TEXT", nullable: true),
                    InputAudio = table.Column<decimal>(type: "TEXT", nullable: true),
                    OutputAudio = table.Column<decimal>(type: "TEXT", nullable: true),
                    Created = table.Column<DateTimeOffset>(type: "TEXT", nullable: false),
                    Changed = table.Column<DateTimeOffset>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_prices", x => x.Id);
                    table.ForeignKey(
                        name: "FK_prices_projects_ProjectId",
                        column: x => x.ProjectId,
                        principalTable: "projects",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "repricings",
                columns: table => new
                {
                    ProjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    Failure = table.Column<string>(type: "TEXT", nullable: true),
                    Started = table.Column<DateTimeOffset>(type: "TEXT", nullable: false),
                    Ended = table.Column<DateTimeOffset>(type: "TEXT", nullable: true),
                    From = table.Column<DateTimeOffset>(type: "TEXT", nullable: true),
                    To = table.Column<DateTimeOffset>(type: "TEXT", nullable: true),
                    Expected = table.Column<long>(type: "INTEGER", nullable: false),
                    Stamp = table.Column<string>(type: "TEXT", nullable: true),
                    Cursor = table.Column<string>(type: "TEXT", nullable: true),
                    Calls = table.Column<long>(type: "INTEGER", nullable: false),
                    Changed = table.Column<long>(type: "INTEGER", nullable: false),
                    Before = table.Column<decimal>(type: "TEXT", nullable: false),
                    After = table.Column<decimal>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_repricings", x => x.ProjectId);
                    table.ForeignKey(
                        name: "FK_repricings_projects_ProjectId",
                        column: x => x.ProjectId,
                        principalTable: "projects",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_prices_ProjectId",
                table: "prices",
                column: "ProjectId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "prices");

            migrationBuilder.DropTable(
                name: "repricings");
        }
    }
}

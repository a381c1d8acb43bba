using Microsoft.EntityFrameworkCore;
using Perilune.Model.Pricing;

namespace Perilune.Control.Data;

internal sealed class ControlDb(DbContextOptions<ControlDb> options) : DbContext(options)
{
    public DbSet<OrganizationRow> Organizations => Set<OrganizationRow>();

    public DbSet<AccountRow> Accounts => Set<AccountRow>();

    public DbSet<MembershipRow> Memberships => Set<MembershipRow>();

    public DbSet<ProjectRow> Projects => Set<ProjectRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<LoginLinkRow> LoginLinks => Set<LoginLinkRow>();

    public DbSet<TemplateRow> Templates => Set<TemplateRow>();

    public DbSet<TemplateVersionRow> TemplateVersions => Set<TemplateVersionRow>();

    public DbSet<ViewRow> Views => Set<ViewRow>();

    public DbSet<PriceRow> Prices => Set<PriceRow>();

    public DbSet<RepricingRow> Repricings => Set<RepricingRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Text, so that someone who opens the file can read it.
        configurationBuilder.Properties<Role>().HaveConversion<string>();
        configurationBuilder.Properties<KeyKind>().HaveConversion<string>();
        configurationBuilder.Properties<TemplateMode>().HaveConversion<string>();
        configurationBuilder.Properties<PriceMatch>().HaveConversion<string>();
        configurationBuilder.Properties<RepricingState>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OrganizationRow>().ToTable("organizations");
        modelBuilder.Entity<AccountRow>(account =>
        {
            account.ToTable("accounts");
            account.HasIndex(a => a.EmailKey).IsUnique();
        });
        modelBuilder.Entity<MembershipRow>(membership =>
        {
            membership.ToTable("memberships");
            membership.HasKey(m => new { m.AccountId, m.OrganizationId });
            membership.HasOne(m => m.Account).WithMany(a => a.Memberships).HasForeignKey(m => m.AccountId);
            membership.HasOne(m => m.Organization).WithMany(o => o.Memberships).HasForeignKey(m => m.OrganizationId);
        });
        modelBuilder.Entity<ProjectRow>(project =>
        {
            project.ToTable("projects");
            project.HasOne(p => p.Organization).WithMany(o => o.Projects).HasForeignKey(p => p.OrganizationId);
        });
        modelBuilder.Entity<ApiKeyRow>(key =>
        {
            key.ToTable("api_keys");
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasOne<ProjectRow>().WithMany(p => p.Keys).HasForeignKey(k => k.ProjectId);
        });
        modelBuilder.Entity<LoginLinkRow>(link =>
        {
            link.ToTable("login_links");
            link.HasKey(l => l.Hash);
            link.HasOne<AccountRow>().WithMany().HasForeignKey(l => l.AccountId);
        });
        modelBuilder.Entity<ViewRow>(view =>
        {
            view.ToTable("views");
            view.HasIndex(v => new { v.ProjectId, v.Name }).IsUnique();
            view.HasOne<ProjectRow>().WithMany().HasForeignKey(v => v.ProjectId);
        });
        modelBuilder.Entity<PriceRow>(price =>
        {
            price.ToTable("prices");
            price.HasIndex(p => p.ProjectId);
            price.HasOne<ProjectRow>().WithMany().HasForeignKey(p => p.ProjectId);
        });
        modelBuilder.Entity<RepricingRow>(repricing =>
        {
            repricing.ToTable("repricings");
            repricing.HasKey(r => r.ProjectId);
            repricing.HasOne<ProjectRow>().WithMany().HasForeignKey(r => r.ProjectId);
        });
        modelBuilder.Entity<TemplateRow>(template =>
        {
            template.ToTable("templates");
            template.HasIndex(t => new { t.ProjectId, t.Slug }).IsUnique();
            template.HasOne<ProjectRow>().WithMany().HasForeignKey(t => t.ProjectId);
        });
        modelBuilder.Entity<TemplateVersionRow>(version =>
        {
            version.ToTable("template_versions");
            version.HasIndex(v => new { v.TemplateId, v.Number }).IsUnique();
            version.HasOne(v => v.Template).WithMany(t => t.Versions).HasForeignKey(v => v.TemplateId);
        });
        modelBuilder.Entity<TemplateLabelRow>(label =>
        {
            label.ToTable("template_labels");
            label.HasKey(l => new { l.TemplateId, l.Label });
            label.HasOne<TemplateRow>().WithMany(t => t.Labels).HasForeignKey(l => l.TemplateId);
        });
    }
}

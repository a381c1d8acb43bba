using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Perilune.Control.Data;
using Perilune.Model.Pricing;

namespace Perilune.Control;

public static class ControlServices
{
    /// <summary>Adds the control plane. Run <see cref="Setup"/> before the first request.</summary>
    public static IServiceCollection AddControl(this IServiceCollection services, ControlSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<KeyRing>();
        services.AddSingleton<Roster>();
        services.AddSingleton<PriceBooks>();
        services.AddSingleton<IProjectPrices>(s => s.GetRequiredService<PriceBooks>());
        services.AddSingleton<ControlStore>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton(s => new Accounts(s.GetRequiredService<ControlStore>(), s.GetRequiredService<Passwords>(), s.GetRequiredService<LoginThrottle>(), s.GetRequiredService<Roster>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Projects(s.GetRequiredService<ControlStore>(), s.GetRequiredService<Roster>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new ApiKeys(s.GetRequiredService<ControlStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TemplateShelf>();
        services.AddSingleton(s => new Templates(s.GetRequiredService<ControlStore>(), s.GetRequiredService<TemplateShelf>()));
        services.AddSingleton(s => new TemplateEditor(s.GetRequiredService<ControlStore>(), s.GetRequiredService<TemplateShelf>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Views(s.GetRequiredService<ControlStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new ProjectPriceList(s.GetRequiredService<ControlStore>(), s.GetRequiredService<PriceBooks>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Repricings(s.GetRequiredService<ControlStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Setup(s.GetRequiredService<ControlStore>(), s.GetRequiredService<Accounts>(), s.GetRequiredService<Passwords>(), s.GetRequiredService<TimeProvider>()));
        return services;
    }
}

namespace Perilune.Model.Filtering;

/// <summary>Looks up which users have the properties that a filter asks for, so that what is left can be decided run by run.</summary>
public static class FilterUsers
{
    /// <summary>Whether the filter compares users' properties anywhere.</summary>
    public static bool AsksForProps(this Filter filter) => filter switch
    {
        AndFilter all => all.Items.Any(AsksForProps),
        OrFilter any => any.Items.Any(AsksForProps),
        NotFilter negation => negation.Item.AsksForProps(),
        FieldFilter field => field.Field is FilterField.UserProp,
        _ => false,
    };

    /// <summary>The same filter with users in the place of their properties; users without the property match no comparison.</summary>
    /// <param name="filter">As it was written.</param>
    /// <param name="users">All users with their properties; only asked for when the filter needs them.</param>
    public static Filter WithUsers(this Filter filter, Func<IEnumerable<(string Id, RawJson Props)>> users)
    {
        if (!filter.AsksForProps())
        {
            return filter;
        }

        var known = users().Where(user => user.Props.HasValue).ToList();
        return Replace(filter);

        Filter Replace(Filter part) => part switch
        {
            AndFilter all => new AndFilter([.. all.Items.Select(Replace)]),
            OrFilter any => new OrFilter([.. any.Items.Select(Replace)]),
            NotFilter negation => new NotFilter(Replace(negation.Item)),
            FieldFilter { Field: FilterField.UserProp } prop =>
                new UsersFilter(known.Where(user => FilterMatcher.Json(prop, user.Props)).Select(user => user.Id).ToHashSet(StringComparer.Ordinal)),
            _ => part,
        };
    }
}

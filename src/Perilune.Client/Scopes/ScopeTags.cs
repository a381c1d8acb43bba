using System.Diagnostics;
using PeriluneSdk.Spans;

namespace PeriluneSdk.Scopes;

internal static class ScopeTags
{
    public static void Write(Activity activity, ScopeState scope)
    {
        if (scope.UserId is { } user)
        {
            activity.SetTag(GenAi.User, user);
        }

        if (scope.ThreadId is { } thread)
        {
            activity.SetTag(GenAi.Session, thread);
        }

        if (scope.ParentRunId is { } parent)
        {
            activity.SetTag(GenAi.ParentRun, parent);
        }

        if (scope.Tags.Length > 0)
        {
            activity.SetTag(GenAi.Tags, scope.Tags);
        }

        foreach (var (key, value) in scope.Metadata)
        {
            activity.SetTag(GenAi.MetadataPrefix + key, value);
        }

        if (scope.Template is { } template)
        {
            activity.SetTag(GenAi.PromptName, template.Slug);
            activity.SetTag(GenAi.PromptVersion, template.Version);
            activity.SetTag(GenAi.TemplateVersion, template.VersionId);
        }
    }
}

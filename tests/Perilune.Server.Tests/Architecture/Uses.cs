using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace Perilune.Server.Tests.Architecture;

/// <summary>Which types a type uses: in its signatures, its attributes and the code of its methods, nested types included.</summary>
internal static class Uses
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly FrozenDictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToFrozenDictionary(static code => code.Value);

    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Collect(type, found);
        return found;
    }

    private static void Collect(Type type, HashSet<Type> found)
    {
        Add(type.BaseType, found);
        AddAll(type.GetInterfaces(), found);
        AddAll(type.GetCustomAttributesData().Select(static a => a.AttributeType), found);
        AddAll(type.GetFields(Declared).Select(static field => field.FieldType), found);
        AddAll(type.GetProperties(Declared).SelectMany(static p => p.GetCustomAttributesData()).Select(static a => a.AttributeType), found);
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            Add((method as MethodInfo)?.ReturnType, found);
            AddAll(method.GetParameters().Select(static p => p.ParameterType), found);
            AddCode(method, found);
        }

        foreach (var nested in type.GetNestedTypes(Declared))
        {
            Collect(nested, found);
        }
    }

    private static void AddCode(MethodBase method, HashSet<Type> found)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        AddAll(body.LocalVariables.Select(static local => local.LocalType), found);
        var il = body.GetILAsByteArray()!;
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var at = 0; at < il.Length;)
        {
            var code = s_codes[il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments)!;
                Add(member as Type ?? member.DeclaringType, found);
                if (member is MethodInfo { IsGenericMethod: true } generic)
                {
                    AddAll(generic.GetGenericArguments(), found);
                }
            }

            at += OperandSize(code.OperandType, il, at);
        }
    }

    private static int OperandSize(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
        _ => 4,
    };

    private static void AddAll(IEnumerable<Type> types, HashSet<Type> found)
    {
        foreach (var type in types)
        {
            Add(type, found);
        }
    }

    private static void Add(Type? type, HashSet<Type> found)
    {
        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        if (type.HasElementType)
        {
            Add(type.GetElementType(), found);
            return;
        }

        AddAll(type.GenericTypeArguments, found);
        found.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
    }
}

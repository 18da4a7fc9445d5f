using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace OptimGen.Tests.PublicApi;

/// <summary>What a library offers, as text: a line for each public or protected type and member, in a fixed order.</summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(nuint)] = "nuint",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        // The groups and states of a shipped optimizer follow from its rule.
        foreach (Type type in assembly.GetTypes().Where(type => IsVisible(type) && !typeof(Optimizer).IsAssignableFrom(type.DeclaringType)).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (string member in type.GetMembers(Declared).Select(Line).OfType<string>().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class" : "class";
        Type[] inherited = type.BaseType?.GetInterfaces() ?? [];
        IEnumerable<string> bases = (type.BaseType is { } one && one != typeof(object) && one != typeof(ValueType) && one != typeof(Enum) && one != typeof(MulticastDelegate)
                ? [Name(one)]
                : Array.Empty<string>())
            .Concat(type.IsEnum ? [] : type.GetInterfaces().Except(inherited).Where(IsVisible).Select(Name).Order(StringComparer.Ordinal));
        string list = string.Join(", ", bases);
        return $"{kind} {type.Namespace}.{Name(type)}{(list.Length > 0 ? " : " + list : "")}";
    }

    private static string? Line(MemberInfo member) => member switch
    {
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not MethodInfo { IsSpecialName: false } => null,
        FieldInfo { IsSpecialName: false } field when IsSeen(field.Attributes) => field.IsLiteral
            ? $"const {Name(field.FieldType)} {field.Name} = {Constant(field.GetRawConstantValue())}"
            : $"{Static(field.IsStatic)}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}",
        PropertyInfo property when Accessors(property) is { Length: > 0 } accessors =>
            $"{Static(property.GetAccessors(nonPublic: true)[0].IsStatic)}{Name(property.PropertyType)} {property.Name}{Parameters(property.GetIndexParameters(), '[', ']')} {{ {accessors} }}",
        EventInfo @event when @event.AddMethod is { } add && IsSeen(add) => $"event {Name(@event.EventHandlerType!)} {@event.Name}",
        ConstructorInfo constructor when IsSeen(constructor) && !constructor.IsStatic => $"{Access(constructor)}new{Parameters(constructor.GetParameters())}",
        MethodInfo { IsSpecialName: false } method when IsSeen(method) && !method.Name.Contains('<', StringComparison.Ordinal) =>
            $"{Access(method)}{Static(method.IsStatic)}{Modifier(method)}{Name(method.ReturnType)} {method.Name}{Arguments(method)}{Parameters(method.GetParameters())}",
        _ => null,
    };

    private static string Accessors(PropertyInfo property) => string.Join(' ', new[] { (property.GetMethod, "get;"), (property.SetMethod, "set;") }
        .Where(accessor => accessor.Item1 is { } method && IsSeen(method))
        .Select(accessor => accessor.Item2 == "set;" && accessor.Item1!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : Access(accessor.Item1!) + accessor.Item2));

    private static string Parameters(ParameterInfo[] parameters, char open = '(', char close = ')') => parameters.Length == 0 && open == '['
        ? ""
        : open + string.Join(", ", parameters.Select(parameter =>
            $"{(parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "")}"
            + $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Name(parameter.ParameterType).Replace("ref ", "", StringComparison.Ordinal)} {parameter.Name}"
            + (parameter.HasDefaultValue ? $" = {Constant(parameter.RawDefaultValue)}" : ""))) + close;

    private static string Arguments(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return "ref " + Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        if (type.IsGenericParameter || Keywords.ContainsKey(type))
        {
            return Keywords.GetValueOrDefault(type, type.Name);
        }

        Type[] arguments = type.GetGenericArguments();
        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string own = type.Name.Split('`')[0] + (arguments.Length > inherited ? $"<{string.Join(", ", arguments[inherited..].Select(Name))}>" : "");
        return type.DeclaringType is { } outer ? $"{Name(outer)}.{own}" : own;
    }

    private static string Constant(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifier(MethodInfo method) => method.DeclaringType!.IsInterface || !method.IsVirtual || method.IsFinal ? ""
        : method.IsAbstract ? "abstract " : method.GetBaseDefinition() != method ? "override " : "virtual ";

    private static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsSeen(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;
}

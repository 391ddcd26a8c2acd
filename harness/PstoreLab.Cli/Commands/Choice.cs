using System.CommandLine;
using System.CommandLine.Parsing;

namespace PstoreLab.Cli.Commands;

/// <summary>An option or an argument whose value is one of a few words, which completion offers.</summary>
internal static class Choice
{
    public static void Among<T>(Option<T> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(result => Check(result, option.Name, words));
    }

    public static void Among<T>(Argument<T> argument, params string[] words)
    {
        argument.CompletionSources.Add(words);
        argument.Validators.Add(result => Check(result, argument.Name, words));
    }

    private static void Check(SymbolResult result, string name, string[] words)
    {
        foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value)))
            result.AddError($"{name}: found '{token.Value}', expected {string.Join(", ", words[..^1])} or {words[^1]}");
    }
}

package dev.tiphys.template.parse;

import dev.tiphys.template.format.Quoting;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A part of a parsed template. Its text is how messages show it.
public sealed interface Node {

  /// Where it stands in the text.
  int at();

  /// Nodes one after the other.
  record Sequence(int at, List<Node> nodes) implements Node {
    /// Whether there is nothing but white space.
    public boolean isBlank() {
      return nodes.stream().allMatch(node -> node instanceof Text text && text.text().isBlank());
    }

    @Override
    public String toString() {
      return nodes.stream().map(Node::toString).collect(Collectors.joining());
    }
  }

  record Text(int at, String text) implements Node {
    @Override
    public String toString() {
      return text;
    }
  }

  /// `{{pipe}}`.
  record Action(int at, Pipe pipe) implements Node {
    @Override
    public String toString() {
      return "{{" + pipe + "}}";
    }
  }

  /// Commands, each of which is given what the one before it returned.
  record Pipe(int at, boolean assigns, List<Variable> declared, List<Command> commands)
      implements Node {
    @Override
    public String toString() {
      String left = declared.stream().map(Node::toString).collect(Collectors.joining(", "));
      String right = commands.stream().map(Node::toString).collect(Collectors.joining(" | "));
      return left.isEmpty() ? right : left + " := " + right;
    }
  }

  /// A function, method or value with its arguments.
  record Command(int at, List<Node> words) implements Node {
    @Override
    public String toString() {
      return words.stream()
          .map(word -> word instanceof Pipe ? "(" + word + ")" : word.toString())
          .collect(Collectors.joining(" "));
    }
  }

  /// `.a.b`.
  record Field(int at, List<String> names) implements Node {
    @Override
    public String toString() {
      return names.stream().map(name -> "." + name).collect(Collectors.joining());
    }
  }

  /// Fields of what a term comes to: `(term).a.b`.
  record Chain(int at, Node node, List<String> names) implements Node {
    @Override
    public String toString() {
      String term = node instanceof Pipe ? "(" + node + ")" : node.toString();
      return term + names.stream().map(name -> "." + name).collect(Collectors.joining());
    }
  }

  record Identifier(int at, String name) implements Node {
    @Override
    public String toString() {
      return name;
    }
  }

  /// `$a.b`; the first name is the variable's, with its dollar sign.
  record Variable(int at, List<String> names) implements Node {
    @Override
    public String toString() {
      return String.join(".", names);
    }
  }

  record Dot(int at) implements Node {
    @Override
    public String toString() {
      return ".";
    }
  }

  record Nil(int at) implements Node {
    @Override
    public String toString() {
      return "nil";
    }
  }

  record Bool(int at, boolean value) implements Node {
    @Override
    public String toString() {
      return value ? "true" : "false";
    }
  }

  /// A number as it stands in the text.
  ///
  /// @param whole its value as a whole number, if it is one
  /// @param fraction its value as a floating point number
  /// @param pointed whether it is written as a fraction, and so is one where nothing says its type
  record Number(int at, String text, @Nullable Long whole, double fraction, boolean pointed)
      implements Node {
    @Override
    public String toString() {
      return text;
    }
  }

  /// @param quoted as it stands in the text
  record Quoted(int at, String quoted, String text) implements Node {
    @Override
    public String toString() {
      return quoted;
    }
  }

  /// `if`, `with` and `range`.
  record Branch(int at, Word word, Pipe pipe, Sequence body, @Nullable Sequence otherwise)
      implements Node {

    /// Which of them.
    public enum Word {
      IF,
      WITH,
      RANGE;

      String text() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    @Override
    public String toString() {
      String ending = otherwise == null ? "" : "{{else}}" + otherwise;
      return "{{" + word.text() + " " + pipe + "}}" + body + ending + "{{end}}";
    }
  }

  record Break(int at) implements Node {
    @Override
    public String toString() {
      return "{{break}}";
    }
  }

  record Continue(int at) implements Node {
    @Override
    public String toString() {
      return "{{continue}}";
    }
  }

  /// `{{template "name" pipe}}`.
  record Invocation(int at, String name, @Nullable Pipe pipe) implements Node {
    @Override
    public String toString() {
      String quoted = Quoting.quote(name);
      return "{{template " + quoted + (pipe == null ? "" : " " + pipe) + "}}";
    }
  }

  /// What ends a list of nodes; never part of a tree.
  record End(int at, boolean isElse) implements Node {
    @Override
    public String toString() {
      return isElse ? "{{else}}" : "{{end}}";
    }
  }
}

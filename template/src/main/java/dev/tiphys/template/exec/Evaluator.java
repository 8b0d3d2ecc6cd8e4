package dev.tiphys.template.exec;

import dev.tiphys.template.MissingKey;
import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.function.Builtins;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.parse.Node;
import dev.tiphys.template.value.Boxed;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Instance;
import dev.tiphys.template.value.Nothing;
import dev.tiphys.template.value.Truth;
import dev.tiphys.template.value.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What pipelines, commands and their words come to.
///
/// A Java null is what is not there; [Nothing] is an element that is null. It remembers the node
/// that it is at, for messages.
final class Evaluator {

  /// No value from the command before.
  private static final Object MISSING = new Object();

  private final Map<String, Function> functions;
  private final MissingKey missing;
  private final Budget budget;
  private Variables variables = new Variables();
  private @Nullable Node at;

  Evaluator(Map<String, Function> functions, MissingKey missing, Budget budget) {
    this.functions = functions;
    this.missing = missing;
    this.budget = budget;
  }

  @Nullable Node at() {
    return at;
  }

  void at(Node node) {
    at = node;
  }

  void variables(Variables now) {
    variables = now;
  }

  /// An element of a list or a map.
  static @Nullable Object element(@Nullable Object value, boolean boxed) {
    return value == null ? Nothing.NIL : boxed ? new Boxed(value) : value;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return value instanceof Boxed boxed ? boxed.value() : value == Nothing.NIL ? null : value;
  }

  /// Gives the variables of a loop, if it has any, the values of one turn.
  void loopVariables(Node.Pipe pipe, Object index, @Nullable Object element) {
    int count = pipe.declared().size();
    if (count == 0) {
      return;
    }
    Object first = count > 1 ? index : element;
    if (pipe.assigns()) {
      assign(pipe.declared().getFirst().names().getFirst(), first);
      if (count > 1) {
        assign(pipe.declared().get(1).names().getFirst(), element);
      }
    } else {
      variables.set(count, first);
      if (count > 1) {
        variables.set(1, element);
      }
    }
  }

  @Nullable Object pipe(@Nullable Object dot, Node.Pipe pipe) {
    at = pipe;
    Object value = MISSING;
    for (Node.Command command : pipe.commands()) {
      value = plain(command(dot, command, value));
    }
    for (Node.Variable variable : pipe.declared()) {
      String name = variable.names().getFirst();
      if (pipe.assigns()) {
        assign(name, value);
      } else {
        variables.declare(name, value);
      }
    }
    return value;
  }

  private void assign(String name, @Nullable Object value) {
    int place = variables.find(name);
    if (place < 0) {
      throw new Failure("undefined variable: " + name);
    }
    variables.assign(place, value);
  }

  private @Nullable Object command(
      @Nullable Object dot, Node.Command command, @Nullable Object last) {
    budget.step();
    List<Node> words = command.words();
    Node first = words.getFirst();
    switch (first) {
      case Node.Field field -> {
        return field(dot, field, words, last);
      }
      case Node.Chain chain -> {
        return chain(dot, chain, words, last);
      }
      case Node.Identifier identifier -> {
        return function(dot, identifier, command, words, last);
      }
      case Node.Pipe pipe -> {
        refuseArguments(words, last);
        return pipe(dot, pipe);
      }
      case Node.Variable variable -> {
        return variable(dot, variable, words, last);
      }
      default -> {
        at = first;
        refuseArguments(words, last);
        return constant(dot, first);
      }
    }
  }

  private @Nullable Object constant(@Nullable Object dot, Node node) {
    return switch (node) {
      case Node.Bool bool -> bool.value();
      case Node.Dot _ -> dot;
      case Node.Nil _ -> throw new Failure("nil is not a command");
      case Node.Number number -> Constants.ideal(number);
      case Node.Quoted quoted -> quoted.text();
      default -> throw new Failure("can't evaluate command " + Quoting.quote(node.toString()));
    };
  }

  private static void refuseArguments(List<Node> words, @Nullable Object last) {
    if (words.size() > 1 || last != MISSING) {
      throw new Failure("can't give argument to non-function " + words.getFirst());
    }
  }

  private @Nullable Object field(
      @Nullable Object dot, Node.Field field, List<Node> words, @Nullable Object last) {
    at = field;
    return fields(dot, dot, field, field.names(), words, last);
  }

  private @Nullable Object chain(
      @Nullable Object dot, Node.Chain chain, List<Node> words, @Nullable Object last) {
    at = chain;
    if (chain.node() instanceof Node.Nil) {
      throw new Failure("indirection through explicit nil in " + chain);
    }
    Object term = argument(dot, null, chain.node());
    return fields(dot, term, chain, chain.names(), words, last);
  }

  private @Nullable Object variable(
      @Nullable Object dot, Node.Variable variable, List<Node> words, @Nullable Object last) {
    at = variable;
    int place = variables.find(variable.names().getFirst());
    if (place < 0) {
      throw new Failure("undefined variable: " + variable.names().getFirst());
    }
    Object value = variables.value(place);
    if (variable.names().size() == 1) {
      refuseArguments(words, last);
      return value;
    }
    List<String> names = variable.names().subList(1, variable.names().size());
    return fields(dot, value, variable, names, words, last);
  }

  /// The fields of fields of a value; the last one may be a method with arguments.
  private @Nullable Object fields(
      @Nullable Object dot,
      @Nullable Object start,
      Node node,
      List<String> names,
      List<Node> words,
      @Nullable Object last) {
    Object receiver = start;
    for (int i = 0; i < names.size() - 1; i++) {
      receiver = field(dot, names.get(i), node, List.of(), MISSING, receiver);
    }
    return field(dot, names.getLast(), node, words, last, receiver);
  }

  private @Nullable Object field(
      @Nullable Object dot,
      String name,
      Node node,
      List<Node> words,
      @Nullable Object last,
      @Nullable Object holder) {
    if (holder == null) {
      if (missing == MissingKey.ERROR) {
        throw new Failure("nil data; no entry for key " + Quoting.quote(name));
      }
      return null;
    }
    if (holder == Nothing.NIL) {
      throw new Failure("nil pointer evaluating interface {}." + name);
    }
    String type = holder instanceof Boxed ? Type.ANY.name() : Type.of(holder).name();
    Object receiver = holder instanceof Boxed boxed ? boxed.value() : holder;
    boolean given = words.size() > 1 || last != MISSING;
    if (receiver instanceof Dict dict) {
      if (given) {
        throw new Failure(name + " is not a method but has arguments");
      }
      return entry(dict, name);
    }
    Function method = Methods.of(receiver, name);
    if (method != null) {
      return call(dot, method, false, node, words, last);
    }
    if (receiver instanceof Instance instance && instance.fields().containsKey(name)) {
      if (given) {
        throw new Failure(name + " has arguments but cannot be invoked as function");
      }
      return instance.fields().get(name);
    }
    throw new Failure("can't evaluate field " + name + " in type " + type);
  }

  private @Nullable Object entry(Dict dict, String name) {
    Object value = dict.get(name);
    if (value != null || dict.has(name)) {
      return element(value, dict.element() == Type.ANY);
    }
    return switch (missing) {
      case DEFAULT -> null;
      case ZERO -> element(dict.element().zero(), dict.element() == Type.ANY);
      case ERROR -> throw new Failure("map has no entry for key " + Quoting.quote(name));
    };
  }

  private @Nullable Object function(
      @Nullable Object dot,
      Node.Identifier name,
      Node whole,
      List<Node> words,
      @Nullable Object last) {
    at = name;
    Function function = functions.get(name.name());
    if (function == null) {
      throw new Failure(Quoting.quote(name.name()) + " is not a defined function");
    }
    return call(dot, function, Builtins.isLanguage(function), whole, words, last);
  }

  private @Nullable Object call(
      @Nullable Object dot,
      Function function,
      boolean builtin,
      Node node,
      List<Node> words,
      @Nullable Object last) {
    int written = Math.max(0, words.size() - 1);
    int count = written + (last == MISSING ? 0 : 1);
    if (function.variadic() ? count < function.fixed() : count != function.fixed()) {
      throw new Failure(
          "wrong number of args for "
              + function.name()
              + ": want "
              + (function.variadic() ? "at least " : "")
              + function.fixed()
              + " got "
              + (function.variadic() ? written : count));
    }
    if (builtin && (function.name().equals("and") || function.name().equals("or"))) {
      return shortCircuit(dot, function.name().equals("or"), words, last);
    }
    @Nullable Object[] arguments = new @Nullable Object[count];
    for (int i = 0; i < written; i++) {
      arguments[i] = argument(dot, function.parameter(i), words.get(i + 1));
    }
    if (last != MISSING) {
      arguments[written] = checked(last, function.parameter(written));
    }
    try {
      budget.step();
      return function.body().call(Call.of(budget, arguments));
    } catch (CallException e) {
      at = node;
      throw new Failure("error calling " + function.name() + ": " + e.getMessage());
    }
  }

  /// `and` and `or`: the first argument that decides, or the last one.
  private @Nullable Object shortCircuit(
      @Nullable Object dot, boolean wanted, List<Node> words, @Nullable Object last) {
    Object value = null;
    for (Node word : words.subList(Math.min(1, words.size()), words.size())) {
      value = argument(dot, Type.VALUE, word);
      if (Truth.of(plain(value)) == wanted) {
        return value;
      }
    }
    return last == MISSING ? value : checked(last, Type.VALUE);
  }

  /// A value where one of a type is wanted.
  private static @Nullable Object checked(@Nullable Object value, @Nullable Type type) {
    if (type == null || type == Type.VALUE) {
      return value;
    }
    if (value == null) {
      if (type.canBeNil()) {
        return null;
      }
      throw new Failure("invalid value; expected " + type.name());
    }
    if (value == Nothing.NIL) {
      if (type.takes(Type.ANY)) {
        return value;
      }
      throw new Failure("wrong type for value; expected " + type.name() + "; got interface {}");
    }
    Object plain = value instanceof Boxed boxed ? boxed.value() : value;
    Type actual = Type.of(plain);
    if (!type.takes(actual)) {
      throw new Failure("wrong type for value; expected " + type.name() + "; got " + actual.name());
    }
    return plain;
  }

  private @Nullable Object argument(@Nullable Object dot, @Nullable Type type, Node node) {
    at = node;
    return switch (node) {
      case Node.Dot _ -> checked(dot, type);
      case Node.Nil _ -> {
        if (type != null && type.canBeNil()) {
          yield null;
        }
        throw new Failure("cannot assign nil to " + (type == null ? "nothing" : type.name()));
      }
      case Node.Field field -> checked(field(dot, field, List.of(), MISSING), type);
      case Node.Variable variable -> checked(variable(dot, variable, List.of(), MISSING), type);
      case Node.Pipe pipe -> checked(pipe(dot, pipe), type);
      case Node.Identifier name -> checked(function(dot, name, name, List.of(), MISSING), type);
      case Node.Chain chain -> checked(chain(dot, chain, List.of(), MISSING), type);
      default -> Constants.literal(type == null ? Type.ANY : type, node);
    };
  }
}

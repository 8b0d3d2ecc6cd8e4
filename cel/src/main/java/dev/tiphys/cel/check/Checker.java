package dev.tiphys.cel.check;

import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Overload;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.syntax.Expr;
import dev.tiphys.cel.syntax.Operators;
import dev.tiphys.cel.syntax.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the type of each part of an expression.
///
/// Threads: one; made for one expression.
public final class Checker {

  private final Function<String, @Nullable Type> declared;
  private final Functions functions;
  private final List<Problem> problems;
  private final Substitution substitution = new Substitution();
  private final Map<Expr, Type> types = new IdentityHashMap<>();
  private final Map<Expr, Checked.Callee> callees = new IdentityHashMap<>();
  private final Map<Expr, String> variables = new IdentityHashMap<>();
  private final Deque<Map<String, Type>> scopes = new ArrayDeque<>();
  private int fresh;

  private Checker(
      Function<String, @Nullable Type> declared, Functions functions, List<Problem> problems) {
    this.declared = declared;
    this.functions = functions;
    this.problems = problems;
  }

  /// @param declared the types of the variables; null for what is none
  /// @param problems what is wrong with the expression
  public static Checked check(
      Expr root,
      Function<String, @Nullable Type> declared,
      Functions functions,
      List<Problem> problems) {
    Checker checker = new Checker(declared, functions, problems);
    checker.check(root);
    checker.types.replaceAll((_, type) -> checker.substitution.applied(type, false));
    return new Checked(root, checker.types, checker.callees, checker.variables);
  }

  private Type check(Expr expr) {
    Type type =
        switch (expr) {
          case Expr.Literal literal -> Types.of(literal.value());
          case Expr.Ident ident -> ident(ident);
          case Expr.Select select -> select(select);
          case Expr.Call call -> call(call);
          case Expr.ListOf list -> list(list);
          case Expr.MapOf map -> map(map);
          case Expr.Message message -> message(message);
          case Expr.Fold fold -> fold(fold);
        };
    types.put(expr, type);
    return type;
  }

  private Type problem(int position, String text) {
    problems.add(new Problem(position, text));
    return Type.ERROR;
  }

  private Type undeclared(int position, String name) {
    return problem(position, "undeclared reference to '" + name + "' (in container '')");
  }

  private Type ident(Expr.Ident ident) {
    Type type = lookup(ident.name());
    if (type == null) {
      return undeclared(ident.position(), ident.name());
    }
    variables.put(ident, stripped(ident.name()));
    return type;
  }

  private static String stripped(String name) {
    return name.startsWith(".") ? name.substring(1) : name;
  }

  private @Nullable Type lookup(String name) {
    if (!name.startsWith(".")) {
      for (Map<String, Type> scope : scopes) {
        Type type = scope.get(name);
        if (type != null) {
          return type;
        }
      }
    }
    String plain = stripped(name);
    Type type = declared.apply(plain);
    if (type != null) {
      return type;
    }
    Type named = functions.type(plain);
    return named == null ? null : Type.of(named);
  }

  /// The dotted name that an expression may be; null if it is none.
  private static @Nullable String dotted(@Nullable Expr expr) {
    return switch (expr) {
      case Expr.Ident ident -> ident.name();
      case Expr.Select(int _, Expr operand, String field, boolean test) when !test -> {
        String prefix = dotted(operand);
        yield prefix == null ? null : prefix + "." + field;
      }
      case null, default -> null;
    };
  }

  private boolean isLocal(String dotted) {
    int dot = dotted.indexOf('.');
    String first = dot <= 0 ? dotted : dotted.substring(0, dot);
    return scopes.stream().anyMatch(scope -> scope.containsKey(first));
  }

  private Type select(Expr.Select select) {
    String name = dotted(select);
    if (name != null && !isLocal(name)) {
      Type type = lookup(name);
      if (type != null) {
        variables.put(select, stripped(name));
        return type;
      }
    }
    Type field = field(select.position(), select.operand(), select.field(), false);
    return select.test() ? Type.BOOL : substitution.applied(field, true);
  }

  private Type field(int position, Expr operand, String field, boolean optional) {
    Type outer = substitution.applied(check(operand), true);
    Type target = outer.unwrapped();
    Type result =
        switch (target.kind()) {
          case MAP -> target.parameter(1);
          case OBJECT -> {
            Type type = target.field(field);
            yield type == null ? problem(position, "undefined field '" + field + "'") : type;
          }
          case PARAMETER -> {
            substitution.assign(Type.DYN, target);
            yield Type.DYN;
          }
          case DYN, ERROR -> Type.DYN;
          default -> {
            problem(position, "type '" + target + "' does not support field selection");
            yield Type.DYN;
          }
        };
    return optional || outer.isOptional() ? Type.optional(result) : result;
  }

  private Type call(Expr.Call call) {
    if (call.function().equals(Operators.OPTIONAL_SELECT)) {
      Expr.Literal field = (Expr.Literal) call.arguments().getLast();
      callees.put(call, new Checked.Callee(call.function(), null, List.of()));
      Type type = field(call.position(), call.arguments().getFirst(), (String) field.value(), true);
      types.put(field, Type.STRING);
      return substitution.applied(type, true);
    }
    List<Type> arguments = new ArrayList<>();
    call.arguments().forEach(argument -> arguments.add(check(argument)));
    Expr target = call.target();
    String name = stripped(call.function());
    String prefix = dotted(target);
    if (prefix != null && !isLocal(prefix)) {
      String full = stripped(prefix) + "." + name;
      List<Overload> overloads = functions.overloads(full);
      if (overloads != null) {
        return resolved(call, full, null, overloads, arguments);
      }
    }
    if (target != null) {
      arguments.addFirst(check(target));
    }
    List<Overload> overloads = functions.overloads(name);
    if (overloads == null) {
      return undeclared(call.position(), call.function());
    }
    return resolved(call, name, target, overloads, arguments);
  }

  private Type resolved(
      Expr.Call call,
      String name,
      @Nullable Expr target,
      List<Overload> overloads,
      List<Type> arguments) {
    if (name.equals(Operators.AND) || name.equals(Operators.OR)) {
      return logic(call, name, overloads, arguments);
    }
    List<Overload> fitting = new ArrayList<>();
    Type result = null;
    for (Overload overload : overloads) {
      if (overload.member() != (target != null)) {
        continue;
      }
      Map<String, Type> names = new HashMap<>();
      overload.generic().forEach(parameter -> names.put(parameter, parameter()));
      List<Type> wanted =
          overload.parameters().stream().map(type -> Substitution.renamed(type, names)).toList();
      if (substitution.assignAll(arguments, wanted)) {
        fitting.add(overload);
        Type found = substitution.applied(Substitution.renamed(overload.result(), names), true);
        if (result == null) {
          result = found;
        } else if (!result.isDyn() && !found.equals(result)) {
          result = Type.DYN;
        }
      }
    }
    if (result == null) {
      return problem(call.position(), noOverload(name, target != null, arguments));
    }
    callees.put(call, new Checked.Callee(name, target, List.copyOf(fitting)));
    return result;
  }

  private String noOverload(String name, boolean member, List<Type> arguments) {
    List<String> shown =
        arguments.stream().map(type -> substitution.applied(type, false).toString()).toList();
    String signature =
        member ? shown.getFirst() + "." + joined(shown.subList(1, shown.size())) : joined(shown);
    return "found no matching overload for '" + name + "' applied to '" + signature + "'";
  }

  private static String joined(List<String> types) {
    return types.stream().collect(Collectors.joining(", ", "(", ")"));
  }

  private Type logic(Expr.Call call, String name, List<Overload> overloads, List<Type> arguments) {
    boolean sound = true;
    for (int i = 0; i < arguments.size(); i++) {
      if (!substitution.assign(arguments.get(i), Type.BOOL)) {
        mismatch(call.arguments().get(i), Type.BOOL, arguments.get(i));
        sound = false;
      }
    }
    callees.put(call, new Checked.Callee(name, null, overloads));
    return sound ? Type.BOOL : Type.ERROR;
  }

  private Type mismatch(Expr at, Type expected, Type found) {
    return problem(
        at.position(), "expected type '" + shown(expected) + "' but found '" + shown(found) + "'");
  }

  private Type shown(Type type) {
    return substitution.applied(type, true);
  }

  private Type parameter() {
    return Type.parameter("_var" + fresh++);
  }

  private Type list(Expr.ListOf list) {
    Type element = null;
    for (int i = 0; i < list.elements().size(); i++) {
      Expr part = list.elements().get(i);
      Type type = value(part, check(part), list.optional().get(i));
      element = joined(element, type);
    }
    return Type.list(element == null ? parameter() : element);
  }

  /// The type of a part of an aggregate, which is an optional one if it may be left out.
  private Type value(Expr part, Type type, boolean optional) {
    if (!optional) {
      return type;
    }
    if (!type.isOptional() && !type.isDyn()) {
      mismatch(part, Type.optional(type), type);
    }
    return type.unwrapped();
  }

  /// The type of all parts of an aggregate: dynamic if they have none in common.
  private Type joined(@Nullable Type before, Type type) {
    if (before == null) {
      return type;
    }
    return substitution.assign(before, type) ? Substitution.moreGeneral(before, type) : Type.DYN;
  }

  private Type map(Expr.MapOf map) {
    Type key = null;
    Type value = null;
    for (Expr.Entry entry : map.entries()) {
      key = joined(key, check(entry.key()));
      Type type = value(entry.value(), check(entry.value()), entry.optional());
      value = joined(value, type);
    }
    return Type.map(key == null ? parameter() : key, value == null ? parameter() : value);
  }

  private Type message(Expr.Message message) {
    Type named = lookup(message.type());
    if (named == null) {
      return undeclared(message.position(), message.type());
    }
    if (named.kind() != Type.Kind.TYPE) {
      return problem(message.position(), "'" + named + "' is not a type");
    }
    Type type = named.parameter(0);
    if (type.kind() != Type.Kind.OBJECT) {
      return problem(message.position(), "'" + type + "' is not a message type");
    }
    for (Expr.Entry entry : message.fields()) {
      String field = (String) ((Expr.Literal) entry.key()).value();
      Type found = value(entry.value(), check(entry.value()), entry.optional());
      Type wanted = type.field(field);
      if (wanted == null) {
        problem(entry.position(), "undefined field '" + field + "'");
      } else if (!substitution.assign(wanted, found)) {
        problem(
            entry.position(),
            "expected type of field '"
                + field
                + "' is '"
                + shown(wanted)
                + "' but provided type is '"
                + shown(found)
                + "'");
      }
    }
    return type;
  }

  private Type fold(Expr.Fold fold) {
    Type range = substitution.applied(check(fold.range()), true);
    Type accumulated = check(fold.start());
    Map<String, Type> outer = new HashMap<>();
    outer.put(fold.accumulator(), accumulated);
    scopes.push(outer);
    Map<String, Type> inner = new HashMap<>();
    Type value = element(fold, range, inner);
    if (fold.second() == null) {
      inner.put(fold.first(), value);
    } else {
      inner.put(fold.second(), value);
    }
    scopes.push(inner);
    expect(fold.condition(), Type.BOOL);
    expect(fold.step(), accumulated);
    scopes.pop();
    Type result = check(fold.result());
    scopes.pop();
    return substitution.applied(result, true);
  }

  private void expect(Expr expr, Type wanted) {
    Type found = check(expr);
    if (!substitution.assign(wanted, found)) {
      mismatch(expr, wanted, found);
    }
  }

  /// The type of the last variable of a fold; that of the first of two is added to the scope.
  private Type element(Expr.Fold fold, Type range, Map<String, Type> scope) {
    boolean pairs = fold.second() != null;
    return switch (range.kind()) {
      case LIST -> {
        if (pairs) {
          scope.put(fold.first(), Type.INT);
        }
        yield range.parameter(0);
      }
      case MAP -> {
        if (pairs) {
          scope.put(fold.first(), range.parameter(0));
        }
        yield range.parameter(pairs ? 1 : 0);
      }
      case DYN, ERROR, PARAMETER -> {
        substitution.assign(Type.DYN, range);
        if (pairs) {
          scope.put(fold.first(), Type.DYN);
        }
        yield Type.DYN;
      }
      default -> {
        problem(
            fold.range().position(),
            "expression of type '"
                + range
                + "' cannot be range of a comprehension (must be list, map, or dynamic)");
        if (pairs) {
          scope.put(fold.first(), Type.ERROR);
        }
        yield Type.ERROR;
      }
    };
  }
}

package dev.tiphys.cel;

import dev.tiphys.cel.CompileException.Stage;
import dev.tiphys.cel.check.Checked;
import dev.tiphys.cel.check.Checker;
import dev.tiphys.cel.check.LiteralRules;
import dev.tiphys.cel.cost.Estimator;
import dev.tiphys.cel.eval.Adapter;
import dev.tiphys.cel.eval.GivenMap;
import dev.tiphys.cel.eval.LazyObject;
import dev.tiphys.cel.eval.Maybe;
import dev.tiphys.cel.eval.Planner;
import dev.tiphys.cel.eval.Step;
import dev.tiphys.cel.eval.Trees;
import dev.tiphys.cel.library.Libraries;
import dev.tiphys.cel.syntax.Expr;
import dev.tiphys.cel.syntax.Parser;
import dev.tiphys.cel.syntax.Problem;
import dev.tiphys.cel.syntax.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What an expression may speak of: variables, by their types, and functions.
///
/// Threads: any; immutable.
public final class Environment {

  private final Functions functions;
  private final Map<String, Type> variables;
  private final Type root;

  private Environment(Functions functions, Map<String, Type> variables, Type root) {
    this.functions = functions;
    this.variables = variables;
    this.root = root;
  }

  /// Kubernetes' functions, and no variables.
  ///
  /// @param formats those that `format` knows by name
  public static Environment of(List<NamedFormat> formats) {
    return new Environment(Libraries.all(formats), Map.of(), Type.DYN);
  }

  /// The same with a variable. The first one tells how large values are that come from nowhere.
  public Environment with(String variable, Type type) {
    Map<String, Type> more = new HashMap<>(variables);
    more.put(variable, type);
    return new Environment(functions, more, variables.isEmpty() ? type : root);
  }

  /// The same with more functions.
  public Environment with(Functions more) {
    Functions all = new Functions().addAll(functions).addAll(more);
    return new Environment(all, variables, root);
  }

  /// An optional value, as a variable of an optional type has it.
  ///
  /// @param value of the object tree; null for none
  /// @param type the type of the value
  public static Object optional(@Nullable Object value, Type type) {
    return value == null ? Maybe.NONE : new Maybe(Adapter.value(value, type));
  }

  /// An object whose fields get their values when they are first asked for.
  ///
  /// @param type which has the fields
  /// @param value of a field, as [Program.Value] has it
  public static Object lazily(Type type, List<String> fields, Function<String, Object> value) {
    return new LazyObject(type, fields, value);
  }

  /// A map of values that functions made, or that are the same in trees and expressions.
  ///
  /// @param otherwise what a key comes to that is not among its keys; null for nothing
  public static Object map(Map<String, Object> values, @Nullable Object otherwise) {
    return new GivenMap(Map.copyOf(values), otherwise);
  }

  /// A semantic version.
  ///
  /// @throws EvaluationException if it is none
  public static Object version(String text) {
    return Libraries.version(text);
  }

  /// What an evaluation came to as a part of an object tree.
  ///
  /// @throws EvaluationException if it can't be one
  public static Object tree(Object value) {
    return Trees.of(value);
  }

  /// What is wrong with the types of an object that an expression made, and of those in it: each
  /// must be called after the path to it. Empty if nothing is.
  public static List<String> misnamed(Object value, String path) {
    return Trees.misnamed(value, path);
  }

  /// As [#misnamed], for the objects that are fields of one: each may be called as it likes, and
  /// what is in it must be called after the path from there.
  public static List<String> misnamedFields(Object value) {
    return Trees.misnamedFields(value);
  }

  /// Compiles an expression.
  ///
  /// @throws CompileException if it is not sound
  public Program compile(String expression) throws CompileException {
    Source source = new Source(expression);
    List<Problem> problems = new ArrayList<>();
    Expr parsed = Parser.parse(source, problems);
    if (parsed == null || !problems.isEmpty()) {
      throw failed(source, problems);
    }
    Checked checked = Checker.check(parsed, variables::get, functions, problems);
    if (problems.isEmpty()) {
      LiteralRules.check(checked, problems);
    }
    if (!problems.isEmpty()) {
      throw failed(source, problems);
    }
    Planner planner = new Planner(checked, variables::get, functions::type);
    Step plan;
    try {
      plan = planner.plan();
    } catch (EvaluationException e) {
      throw new CompileException(Stage.INSTANTIATION, String.valueOf(e.getMessage()));
    }
    Range cost = Estimator.estimate(checked, variables::get, root);
    return new Program(
        plan,
        checked.type(checked.root()),
        cost,
        variables.keySet().stream().filter(checked::uses).collect(Collectors.toUnmodifiableSet()),
        planner.named(),
        planner.local());
  }

  private static CompileException failed(Source source, List<Problem> problems) {
    return new CompileException(
        Stage.COMPILATION,
        problems.stream()
            .sorted(Comparator.comparingInt(Problem::position))
            .map(problem -> source.show(problem.position(), problem.text()))
            .collect(Collectors.joining("\n")));
  }
}

package dev.tiphys.schema.expressions;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Opaque;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.schema.expressions.Access.Answer;
import dev.tiphys.schema.expressions.Access.Question;
import dev.tiphys.schema.expressions.Access.Resource;
import dev.tiphys.schema.validation.Formats;
import java.util.List;
import java.util.function.BiFunction;

/// The functions by which expressions ask what users may do, such as
/// `authorizer.group('apps').resource('deployments').check('create').allowed()`.
public final class AuthorizerLibrary {

  private static final String PREFIX = "kubernetes.authorization.";
  static final Type AUTHORIZER = Type.opaque(PREFIX + "Authorizer");
  private static final Type PATH_CHECK = Type.opaque(PREFIX + "PathCheck");
  private static final Type GROUP_CHECK = Type.opaque(PREFIX + "GroupCheck");
  static final Type RESOURCE_CHECK = Type.opaque(PREFIX + "ResourceCheck");
  private static final Type DECISION = Type.opaque(PREFIX + "Decision");

  /// What asking costs: an expression can do it twice.
  private static final Price CHECK = Price.of(350_000);

  private static final Price SELECTOR = new SelectorPrice();

  private AuthorizerLibrary() {}

  /// The value of `authorizer`.
  public static Object authorizer(Access access) {
    return new Authorizer(access, "");
  }

  /// The value of `authorizer.requestResource`.
  ///
  /// @param resource that the request is about
  public static Object requestResource(Access access, Resource resource) {
    return new ResourceCheck(new Authorizer(access, ""), resource);
  }

  private record Authorizer(Access access, String account) implements Opaque {
    @Override
    public Type type() {
      return AUTHORIZER;
    }

    Decision ask(String path, Resource resource, Object verb) {
      return new Decision(access.ask(new Question(account, path, resource, (String) verb)));
    }
  }

  private record PathCheck(Authorizer authorizer, String path) implements Opaque {
    @Override
    public Type type() {
      return PATH_CHECK;
    }
  }

  private record GroupCheck(Authorizer authorizer, String group) implements Opaque {
    @Override
    public Type type() {
      return GROUP_CHECK;
    }
  }

  private record ResourceCheck(Authorizer authorizer, Resource resource) implements Opaque {
    @Override
    public Type type() {
      return RESOURCE_CHECK;
    }
  }

  private record Decision(Answer answer) implements Opaque {
    @Override
    public Type type() {
      return DECISION;
    }
  }

  /// A selector is read, and its conditions are made.
  private record SelectorPrice() implements Price {
    private static final double CONDITIONS = 0.5;

    private static Range of(Range length) {
      return Range.of(LIST)
          .plus(length.times(PER_CHARACTER))
          .plus(length.times(CONDITIONS).times((double) (LIST + OBJECT)));
    }

    @Override
    public Estimate estimate(List<Operand> operands) {
      return new Estimate(of(operands.get(1).size()), null);
    }

    @Override
    public long actual(Object[] arguments, Object result) {
      String selector = (String) arguments[1];
      return of(Range.of(selector.codePointCount(0, selector.length()))).max();
    }
  }

  static Functions functions() {
    Functions functions = new Functions();
    Price one = Price.NOMINAL;
    Type text = Type.STRING;
    List.of(AUTHORIZER, PATH_CHECK, GROUP_CHECK, RESOURCE_CHECK, DECISION)
        .forEach(functions::addType);
    functions
        .addMember("path", PATH_CHECK, one, AuthorizerLibrary::path, AUTHORIZER, text)
        .addMember(
            "group",
            GROUP_CHECK,
            one,
            values -> new GroupCheck((Authorizer) values[0], (String) values[1]),
            AUTHORIZER,
            text)
        .addMember(
            "serviceAccount", AUTHORIZER, one, AuthorizerLibrary::account, AUTHORIZER, text, text)
        .addMember("resource", RESOURCE_CHECK, one, AuthorizerLibrary::resource, GROUP_CHECK, text);
    narrowed(functions, "subresource", one, AuthorizerLibrary::withSubresource);
    narrowed(functions, "namespace", one, AuthorizerLibrary::withNamespace);
    narrowed(functions, "name", one, AuthorizerLibrary::withName);
    narrowed(functions, "fieldSelector", SELECTOR, AuthorizerLibrary::withFields);
    narrowed(functions, "labelSelector", SELECTOR, AuthorizerLibrary::withLabels);
    return functions
        .addMember(
            "check",
            DECISION,
            CHECK,
            values -> {
              PathCheck check = (PathCheck) values[0];
              return check.authorizer.ask(check.path, Resource.NONE, values[1]);
            },
            PATH_CHECK,
            text)
        .addMember(
            "check",
            DECISION,
            CHECK,
            values -> {
              ResourceCheck check = (ResourceCheck) values[0];
              return check.authorizer.ask("", check.resource, values[1]);
            },
            RESOURCE_CHECK,
            text)
        .addMember("errored", Type.BOOL, one, values -> !answer(values).error().isEmpty(), DECISION)
        .addMember("error", text, one, values -> answer(values).error(), DECISION)
        .addMember("allowed", Type.BOOL, one, values -> answer(values).allowed(), DECISION)
        .addMember("reason", text, one, values -> answer(values).reason(), DECISION);
  }

  private static Answer answer(Object[] values) {
    return ((Decision) values[0]).answer;
  }

  private static Object path(Object[] values) {
    return new PathCheck((Authorizer) values[0], notBlank(values[1], "path"));
  }

  private static String notBlank(Object value, String what) {
    String text = (String) value;
    if (text.isBlank()) {
      throw new EvaluationException(what + " must not be empty");
    }
    return text;
  }

  private static Object account(Object[] values) {
    String namespace = (String) values[1];
    String name = (String) values[2];
    if (!Formats.dnsSubdomain(name).isEmpty()) {
      throw new EvaluationException("Invalid service account name");
    }
    if (!Formats.dnsLabel(namespace).isEmpty()) {
      throw new EvaluationException("Invalid service account namespace");
    }
    return new Authorizer(((Authorizer) values[0]).access, namespace + ":" + name);
  }

  private static Object resource(Object[] values) {
    GroupCheck check = (GroupCheck) values[0];
    String plural = notBlank(values[1], "resource");
    return new ResourceCheck(check.authorizer, Resource.of(check.group, plural, "", "", ""));
  }

  private static void narrowed(
      Functions functions, String name, Price price, BiFunction<Resource, String, Resource> by) {
    functions.addMember(
        name,
        RESOURCE_CHECK,
        price,
        values -> {
          ResourceCheck check = (ResourceCheck) values[0];
          return new ResourceCheck(check.authorizer, by.apply(check.resource, (String) values[1]));
        },
        RESOURCE_CHECK,
        Type.STRING);
  }

  private static Resource withSubresource(Resource it, String subresource) {
    return new Resource(
        it.group(), it.plural(), subresource, it.namespace(), it.name(), it.fields(), it.labels());
  }

  private static Resource withNamespace(Resource it, String namespace) {
    return new Resource(
        it.group(), it.plural(), it.subresource(), namespace, it.name(), it.fields(), it.labels());
  }

  private static Resource withName(Resource it, String name) {
    return new Resource(
        it.group(), it.plural(), it.subresource(), it.namespace(), name, it.fields(), it.labels());
  }

  private static Resource withFields(Resource it, String fields) {
    return new Resource(
        it.group(), it.plural(), it.subresource(), it.namespace(), it.name(), fields, it.labels());
  }

  private static Resource withLabels(Resource it, String labels) {
    return new Resource(
        it.group(), it.plural(), it.subresource(), it.namespace(), it.name(), it.fields(), labels);
  }
}

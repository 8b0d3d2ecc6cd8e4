package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.registry.Catalog;
import dev.tiphys.apiserver.registry.Endpoint;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.ApiException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The resources that have no objects: questions that are answered at once, and Bindings.
///
/// Threads: any.
final class Reviews {

  private static final List<String> COMPONENTS =
      List.of("scheduler", "controller-manager", "etcd-0");

  private final Catalog catalog;
  private final Operations operations;
  private final Authorizer authorizer;
  private final Health health;

  Reviews(Catalog catalog, Operations operations, Authorizer authorizer, Health health) {
    this.catalog = catalog;
    this.operations = operations;
    this.authorizer = authorizer;
    this.health = health;
  }

  void answer(
      Resource resource,
      RequestPath.OfResource path,
      Answering answering,
      Call call,
      Parameters parameters) {
    if (resource.plural().equals("componentstatuses")) {
      components(path.name(), answering, call);
      return;
    }
    FieldValidation.Findings findings =
        FieldValidation.of(parameters.text("fieldValidation")).new Findings();
    Struct tree = Content.object(answering.exchange(), resource.type(), findings);
    Negotiation wanted = Negotiation.of(answering.exchange().header("accept"), false);
    if (resource.plural().equals("bindings")) {
      Struct bound = bind(call, path.namespace(), tree, findings);
      answering.sendTree(201, bound, wanted.format(), call.warnings());
      return;
    }
    Struct review = Decoding.object(call, tree, resource, findings);
    Struct answered =
        switch (resource.plural()) {
          case "selfsubjectreviews" -> review.withAt(userInfo(call.user()), "status", "userInfo");
          case "selfsubjectaccessreviews" -> access(review, call.user());
          case "subjectaccessreviews", "localsubjectaccessreviews" ->
              access(review, named(review.struct("spec")));
          case "selfsubjectrulesreviews" -> rules(review, call.user());
          default ->
              throw ApiException.badRequest(resource.groupResource() + " can't be answered here");
        };
    answering.sendTree(201, answered, wanted.format(), call.warnings());
  }

  private Struct bind(Call call, String namespace, Struct tree, FieldValidation.Findings findings) {
    Endpoint pods = catalog.find(new GroupVersion("", "v1"), "pods");
    String name = tree.string("metadata", "name");
    if (pods == null || name.isEmpty()) {
      throw ApiException.badRequest("name is required");
    }
    Target target = new Target(pods, "binding", namespace, name);
    return operations.create(call, target, tree, findings).tree(pods);
  }

  private static Struct userInfo(UserInfo user) {
    StructBuilder extra = new StructBuilder();
    user.extra().forEach(extra::add);
    return new StructBuilder()
        .addUnlessEmpty("username", user.name())
        .addUnlessEmpty("uid", user.uid())
        .addUnlessEmpty("groups", user.groups())
        .addUnlessEmpty("extra", extra.build())
        .build();
  }

  private static UserInfo named(Struct spec) {
    Map<String, List<String>> extra = new HashMap<>();
    spec.struct("extra")
        .forEach((key, values) -> extra.put(key, spec.struct("extra").strings(key)));
    return new UserInfo(spec.string("user"), spec.string("uid"), spec.strings("groups"), extra);
  }

  private Struct access(Struct review, UserInfo user) {
    Struct spec = review.struct("spec");
    Struct resource = spec.struct("resourceAttributes");
    Struct path = spec.struct("nonResourceAttributes");
    Attributes attributes =
        spec.has("nonResourceAttributes")
            ? new Attributes(user, path.string("verb"), new Subject.OfPath(path.string("path")))
            : new Attributes(
                user,
                resource.string("verb"),
                new Subject.OfResource(
                    resource.string("group"),
                    resource.string("version"),
                    resource.string("resource"),
                    resource.string("subresource"),
                    resource.string("namespace"),
                    resource.string("name")));
    return review.with("status", Struct.of("allowed", authorizer.allows(attributes)));
  }

  private Struct rules(Struct review, UserInfo user) {
    boolean all =
        authorizer.allows(
            new Attributes(user, "*", new Subject.OfResource("*", "*", "*", "", "", "")));
    List<String> any = List.of("*");
    List<Struct> resourceRules =
        all ? List.of(Struct.of("verbs", any, "apiGroups", any, "resources", any)) : List.of();
    List<Struct> pathRules =
        all ? List.of(Struct.of("verbs", any, "nonResourceURLs", any)) : List.of();
    Struct status =
        Struct.of(
            "resourceRules", resourceRules, "nonResourceRules", pathRules, "incomplete", false);
    return review.with("status", status);
  }

  /// The parts of old: all of them are in order as long as this server is.
  private void components(String name, Answering answering, Call call) {
    call.warn("v1 ComponentStatus is deprecated in v1.19+");
    List<Struct> all = COMPONENTS.stream().map(this::component).toList();
    Struct shown =
        name.isEmpty()
            ? new StructBuilder()
                .add("kind", "ComponentStatusList")
                .add("apiVersion", "v1")
                .add("metadata", Struct.EMPTY)
                .add("items", all)
                .build()
            : all.stream()
                .filter(each -> each.string("metadata", "name").equals(name))
                .findFirst()
                .map(each -> each.with("kind", "ComponentStatus").with("apiVersion", "v1"))
                .orElseThrow(() -> ApiException.notFound("componentstatuses", name));
    answering.sendTree(200, shown, Negotiation.Format.JSON, call.warnings());
  }

  private Struct component(String name) {
    String status = health.isReady() ? "True" : "False";
    return Struct.of(
        "metadata",
        Struct.of("name", name),
        "conditions",
        List.of(Struct.of("type", "Healthy", "status", status, "message", "ok")));
  }
}

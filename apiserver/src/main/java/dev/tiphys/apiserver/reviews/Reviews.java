package dev.tiphys.apiserver.reviews;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.authentication.Tokens;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.RuleResolver;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.RequestNamespace;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.rules.Validation;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.world.World;
import java.util.Map;
import java.util.function.Supplier;

/// All resources that are answered without an object, by the name that messages have for them.
///
/// Threads: any.
public final class Reviews {

  private static final String AUTHENTICATION = ".authentication.k8s.io";
  private static final String AUTHORIZATION = ".authorization.k8s.io";

  private final World world;
  private final Catalog catalog;
  private final Operations operations;
  private final Admission admission;
  private final Map<String, Review> reviews;

  /// @param tokens the tokens that are known, once there are any
  public Reviews(
      World world,
      Catalog catalog,
      Operations operations,
      Admission admission,
      Authorizer authorizer,
      RuleResolver resolver,
      Supplier<Tokens> tokens) {
    this.world = world;
    this.catalog = catalog;
    this.operations = operations;
    this.admission = admission;
    AccessReviews access = new AccessReviews(authorizer, resolver);
    this.reviews =
        Map.of(
            "tokenreviews" + AUTHENTICATION, new TokenReviews(tokens),
            "selfsubjectreviews" + AUTHENTICATION, (call, _, question) -> self(call, question),
            "subjectaccessreviews" + AUTHORIZATION, access::ofSubject,
            "localsubjectaccessreviews" + AUTHORIZATION, access::ofSubject,
            "selfsubjectaccessreviews" + AUTHORIZATION, access::ofSender,
            "selfsubjectrulesreviews" + AUTHORIZATION, access::rules);
  }

  /// Who asks: upstream keeps nothing of the question.
  private Struct self(Call call, Struct question) {
    return question
        .with("metadata", Struct.of("creationTimestamp", Timestamps.seconds(world.now())))
        .with("status", Struct.of("userInfo", Users.tree(call.user())));
  }

  /// Answers what a client sent.
  ///
  /// @param resource one without objects
  /// @param namespace the namespace in the request's path; empty if there is none
  /// @param findings what was already found wrong with the tree
  public Struct answer(
      Call call,
      Resource resource,
      String namespace,
      Struct tree,
      FieldValidation.Findings findings) {
    if (resource.groupResource().equals("bindings")) {
      return bind(call, namespace, tree, findings);
    }
    Review review = reviews.get(resource.groupResource());
    if (review == null) {
      throw ApiException.internal("nothing answers " + resource.groupResource());
    }
    Admission.Request request =
        new Admission.Request(call, Admission.Operation.CREATE, resource, "", namespace, "");
    Struct sent =
        RequestNamespace.of(resource, Decoding.object(call, tree, resource, findings), namespace);
    Struct question = admission.admit(request, sent, null);
    FieldErrors errors = Validation.create(resource, question);
    if (!errors.isEmpty()) {
      throw Invalid.refusal(new GroupKind(resource.groupVersion().group(), ""), "", errors);
    }
    return review.answer(call, namespace, question);
  }

  /// A Binding that is created in its namespace binds the Pod that it is named after.
  private Struct bind(Call call, String namespace, Struct tree, FieldValidation.Findings findings) {
    Endpoint pods = catalog.find(new GroupVersion("", "v1"), "pods");
    String name = tree.string("metadata", "name");
    if (pods == null || name.isEmpty()) {
      throw ApiException.badRequest("Name parameter required.");
    }
    Target target = new Target(pods, "binding", namespace, name);
    return operations.create(call, target, tree, findings).tree(pods);
  }
}

package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.apiserver.webhook.Webhooks;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Has a webhook convert objects, as `ConversionReview` says. Of the metadata, a webhook may change
/// labels and annotations only. See
/// <https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#webhook-conversion>.
final class WebhookConverter implements VersionConverter {

  /// How long a webhook may take.
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final List<String> REVIEWS = List.of("v1", "v1beta1");

  private final Webhooks webhooks;
  private final World world;
  private final Struct config;
  private final String review;

  /// @param webhook as `spec.conversion.webhook` has it
  WebhookConverter(Webhooks webhooks, World world, Struct webhook) {
    this.webhooks = webhooks;
    this.world = world;
    this.config = webhook.struct("clientConfig");
    this.review =
        webhook.strings("conversionReviewVersions").stream()
            .filter(REVIEWS::contains)
            .findFirst()
            .orElse("v1");
  }

  @Override
  public boolean mayWait() {
    return true;
  }

  @Override
  public Struct convert(Struct object, String apiVersion) {
    String uid = new UUID(world.random().nextLong(), world.random().nextLong()).toString();
    try {
      Struct answer = webhooks.call(config, request(object, apiVersion, uid), LIMIT);
      return converted(object, apiVersion, response(answer, uid));
    } catch (WebhookException e) {
      throw ApiException.internal(
          "conversion webhook for " + kind(object) + " failed: " + e.getMessage());
    }
  }

  private Struct request(Struct object, String apiVersion, String uid) {
    return new StructBuilder()
        .add("kind", "ConversionReview")
        .add("apiVersion", "apiextensions.k8s.io/" + review)
        .add(
            "request",
            Struct.of("uid", uid, "desiredAPIVersion", apiVersion, "objects", List.of(object)))
        .build();
  }

  private Struct response(Struct answer, String uid) throws WebhookException {
    if (!answer.has("response")) {
      throw new WebhookException("no response provided");
    }
    Struct response = answer.struct("response");
    if (review.equals("v1")) {
      String expected = "apiextensions.k8s.io/v1, Kind=ConversionReview";
      if (!kind(answer).equals(expected)) {
        throw new WebhookException(
            "expected webhook response of " + expected + ", got " + kind(answer));
      }
      if (!response.string("uid").equals(uid)) {
        throw new WebhookException(
            "expected response.uid=\"" + uid + "\", got \"" + response.string("uid") + "\"");
      }
    }
    Struct result = response.struct("result");
    if (!result.string("status").equals("Success")) {
      throw new WebhookException(
          result.string("message").isEmpty()
              ? "response.result.status was '" + result.string("status") + "', not 'Success'"
              : result.string("message"));
    }
    return response;
  }

  private static Struct converted(Struct object, String apiVersion, Struct response) {
    List<?> all = response.list("convertedObjects");
    if (all.size() != 1) {
      throw ApiException.internal(
          "conversion webhook for "
              + kind(object)
              + " returned "
              + all.size()
              + " objects, expected 1");
    }
    Struct converted = all.getFirst() instanceof Struct struct ? struct : Struct.EMPTY;
    if (!converted.string("apiVersion").equals(apiVersion)) {
      throw invalid(
          object,
          "at index 0: invalid groupVersion (expected "
              + apiVersion
              + ", received "
              + converted.string("apiVersion")
              + ")");
    }
    if (!converted.string("kind").equals(object.string("kind"))) {
      throw invalid(
          object,
          "at index 0: invalid kind (expected "
              + object.string("kind")
              + ", received "
              + converted.string("kind")
              + ")");
    }
    checkSame(object, converted, "name", "name");
    checkSame(object, converted, "namespace", "namespace");
    checkSame(object, converted, "uid", "UID");
    return converted.with("metadata", metadata(object, converted));
  }

  private static void checkSame(Struct object, Struct converted, String field, String shown) {
    String expected = object.string("metadata", field);
    String found = converted.string("metadata", field);
    if (!expected.equals(found)) {
      throw invalid(object, ": must have the same " + shown + ": " + expected + " != " + found);
    }
  }

  /// The object's metadata, with the labels and annotations that it was given.
  private static Struct metadata(Struct object, Struct converted) {
    Struct metadata = object.struct("metadata");
    for (String field : List.of("labels", "annotations")) {
      Struct given = converted.struct("metadata", field);
      metadata = given.isEmpty() ? metadata.without(field) : metadata.with(field, given);
    }
    return metadata;
  }

  private static ApiException invalid(Struct object, String problem) {
    String gap = problem.startsWith(":") ? "" : " ";
    return ApiException.internal(
        "conversion webhook for " + kind(object) + " returned invalid object" + gap + problem);
  }

  /// As upstream prints a kind: `example.com/v1, Kind=Thing`.
  private static String kind(Struct object) {
    return GroupVersion.parse(object.string("apiVersion")) + ", Kind=" + object.string("kind");
  }
}

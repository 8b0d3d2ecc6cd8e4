package dev.tiphys.secrets.provider.aws.secretsmanager;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import dev.tiphys.secrets.provider.aws.client.AwsException;

/// Who may do what with a secret, as a document in the cluster says.
record ResourcePolicy(AwsClient client, References references) {

  /// Has a secret have the policy of a push, or none if that says nothing.
  void apply(String name, Struct wanted) throws InterruptedException {
    if (wanted.isEmpty()) {
      remove(name);
      return;
    }
    String policy = document(wanted.struct("policySourceRef"));
    if (policy.isEmpty()) {
      remove(name);
      return;
    }
    Struct tree = parsed("desired", policy);
    if (tree.equals(parsed("current", current(name)))) {
      return;
    }
    StructBuilder request = new StructBuilder().add("SecretId", name).add("ResourcePolicy", policy);
    if (wanted.has("blockPublicPolicy")) {
      request.add("BlockPublicPolicy", wanted.bool("blockPublicPolicy"));
    }
    try {
      Struct _ = client.call("PutResourcePolicy", request.build());
    } catch (AwsException e) {
      throw new StoreException("failed to put resource policy: " + e.message());
    }
  }

  private String document(Struct given) {
    Struct reference = given.without("namespace"); // a push reads nothing of other namespaces
    try {
      return switch (reference.string("kind")) {
        case "ConfigMap" -> references.configMap(reference);
        case "Secret" -> references.secret(reference);
        default ->
            throw new StoreException(
                "unsupported PolicySourceRef kind: %s (must be ConfigMap or Secret)"
                    .formatted(reference.string("kind")));
      };
    } catch (StoreException e) {
      throw new StoreException("failed to resolve resource policy: " + e.message());
    }
  }

  private String current(String name) throws InterruptedException {
    try {
      return client.call("GetResourcePolicy", Struct.of("SecretId", name)).string("ResourcePolicy");
    } catch (AwsException e) {
      if (e.is("ResourceNotFoundException")) {
        return "";
      }
      throw new StoreException("failed to get current resource policy: " + e.message());
    }
  }

  private static Struct parsed(String which, String policy) {
    try {
      return policy.isEmpty() ? Struct.EMPTY : Json.struct(policy);
    } catch (EncodingException e) {
      throw new StoreException(
          "failed to unmarshal %s resource policy: it is no JSON object".formatted(which));
    }
  }

  private void remove(String name) throws InterruptedException {
    try {
      Struct _ = client.call("DeleteResourcePolicy", Struct.of("SecretId", name));
    } catch (AwsException e) {
      // A push that says nothing of policies needs no right to them.
      if (!e.is("ResourceNotFoundException") && !e.is("AccessDeniedException")) {
        throw new StoreException("failed to delete resource policy: " + e.message());
      }
    }
  }
}

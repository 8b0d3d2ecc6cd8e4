package dev.tiphys.secrets.provider.aws.parameterstore;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.provider.PushMetadata;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import dev.tiphys.secrets.provider.aws.client.AwsException;
import dev.tiphys.secrets.provider.aws.store.AwsStore;
import dev.tiphys.secrets.provider.aws.store.Tags;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes and deletes parameters that bear the tag of those that were pushed, and no others.
record ParameterPush(AwsClient client) implements AwsStore.Writing {

  private static final Set<String> FIELDS =
      Set.of("secretType", "kmsKeyID", "tier", "encodeAsDecoded", "tags", "description");
  private static final String KIND = "Parameter";

  /// A parameter, decrypted.
  Struct parameter(String name) throws InterruptedException {
    return client
        .call("GetParameter", Struct.of("Name", name, "WithDecryption", true))
        .struct("Parameter");
  }

  Map<String, String> tags(String name) throws InterruptedException {
    Struct found =
        client.call("ListTagsForResource", Struct.of("ResourceId", name, "ResourceType", KIND));
    return Tags.of(found.structs("TagList"));
  }

  private Map<String, String> existingTags(String name) throws InterruptedException {
    try {
      return tags(name);
    } catch (AwsException e) {
      throw new StoreException(
          "error getting the existing tags for the parameter %s: %s".formatted(name, e.message()));
    }
  }

  private @Nullable Struct existing(String name) throws InterruptedException {
    try {
      return parameter(name);
    } catch (AwsException e) {
      if (e.is("ParameterNotFound")) {
        return null;
      }
      throw new StoreException(
          "unexpected error getting parameter %s: %s".formatted(name, e.message()));
    }
  }

  @Override
  public void push(String name, Pushed pushed) throws InterruptedException {
    PushMetadata metadata = PushMetadata.of(pushed.metadata(), FIELDS);
    String value = value(pushed, metadata);
    Struct request = request(name, value, metadata);
    Struct there = existing(name);
    if (there == null) {
      put(name, StructBuilder.from(request).add("Tags", Tags.list(Tags.wanted(metadata))).build());
      return;
    }
    Map<String, String> tags = existingTags(name);
    if (!Tags.areOurs(tags)) {
      throw new StoreException("secret not managed by external-secrets");
    }
    if (there.string("Value").equals(value)) {
      return;
    }
    put(name, request.with("Overwrite", true));
    retag(name, tags, Tags.wanted(metadata));
  }

  private static String value(Pushed pushed, PushMetadata metadata) {
    if (pushed.key().isEmpty() && !metadata.spec().bool("encodeAsDecoded")) {
      return Json.text(SecretData.encoded(pushed.values())); // base64, as in a Secret
    }
    return new String(pushed.value(), StandardCharsets.UTF_8);
  }

  private static Struct request(String name, String value, PushMetadata metadata) {
    String type = metadata.text("secretType", "String");
    StructBuilder request =
        new StructBuilder()
            .add("Name", name)
            .add("Value", value)
            .add("Type", type)
            .add("Overwrite", false)
            .add("Description", Tags.description(metadata));
    if (type.equals("SecureString")) {
      request.add("KeyId", metadata.text("kmsKeyID", "alias/aws/ssm"));
    }
    Struct tier = metadata.spec().struct("tier");
    if (tier.string("type").equals("Advanced")) {
      request.add("Tier", "Advanced");
      if (tier.has("policies")) {
        request.add("Policies", Json.text(tier.list("policies")));
      }
    }
    return request.build();
  }

  private void put(String name, Struct request) throws InterruptedException {
    try {
      Struct _ = client.call("PutParameter", request);
    } catch (AwsException e) {
      throw new StoreException(
          "unexpected error pushing parameter %s: %s".formatted(name, e.message()));
    }
  }

  private void retag(String name, Map<String, String> there, Map<String, String> wanted)
      throws InterruptedException {
    Struct which = Struct.of("ResourceId", name, "ResourceType", KIND);
    List<String> gone = Tags.toRemove(there, wanted);
    if (!gone.isEmpty()) {
      Struct _ = client.call("RemoveTagsFromResource", which.with("TagKeys", gone));
    }
    if (!there.entrySet().containsAll(wanted.entrySet())) {
      Struct _ = client.call("AddTagsToResource", which.with("Tags", Tags.list(wanted)));
    }
  }

  /// Parameters have no properties: one goes as a whole.
  @Override
  public void delete(String name, String property) throws InterruptedException {
    if (existing(name) == null || !Tags.areOurs(existingTags(name))) {
      return; // it is gone, or was never ours
    }
    try {
      Struct _ = client.call("DeleteParameter", Struct.of("Name", name));
    } catch (AwsException e) {
      throw new StoreException("could not delete parameter %s: %s".formatted(name, e.message()));
    }
  }
}

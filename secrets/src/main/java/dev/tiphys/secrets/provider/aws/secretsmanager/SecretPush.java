package dev.tiphys.secrets.provider.aws.secretsmanager;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.secrets.provider.PushMetadata;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import dev.tiphys.secrets.provider.aws.client.AwsException;
import dev.tiphys.secrets.provider.aws.store.AwsStore;
import dev.tiphys.secrets.provider.aws.store.JsonSecret;
import dev.tiphys.secrets.provider.aws.store.Tags;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Writes and deletes secrets that bear the tag of those that were pushed, and no others.
///
/// @param settings the store's `secretsManager`
final class SecretPush implements AwsStore.Writing {

  private static final Set<String> FIELDS =
      Set.of(
          "tags",
          "description",
          "secretPushFormat",
          "kmsKeyId",
          "resourcePolicy",
          "replicationLocations");
  private static final String FIRST_VERSION = "00000000-0000-0000-0000-000000000001";

  private final AwsClient client;
  private final Struct settings;
  private final ResourcePolicy policy;
  private final Replication replication;

  SecretPush(AwsClient client, Struct settings, References references) {
    this.client = client;
    this.settings = settings;
    this.policy = new ResourcePolicy(client, references);
    this.replication = new Replication(client);
  }

  @Override
  public void push(String name, Pushed pushed) throws InterruptedException {
    PushMetadata metadata = PushMetadata.of(pushed.metadata(), FIELDS);
    boolean text = isText(metadata);
    byte[] value = pushed.value();
    String property = pushed.place().property();
    Struct there = described(name);
    if (there == null) {
      create(name, content(withProperty(name, new byte[0], property, value), text), metadata);
      return;
    }
    if (!Tags.areOurs(Tags.of(there.structs("Tags")))) {
      throw new StoreException("secret not managed by external-secrets");
    }
    byte[] before =
        there.struct("VersionIdsToStages").isEmpty()
            ? null
            : SecretsManager.value(
                name, client.call("GetSecretValue", Struct.of("SecretId", name)));
    byte[] wanted = withProperty(name, before == null ? new byte[0] : before, property, value);
    retag(name, Tags.of(there.structs("Tags")), metadata);
    policy.apply(name, metadata.spec().struct("resourcePolicy"));
    replication.apply(name, there, metadata);
    if (!Arrays.equals(before, wanted)) {
      String version =
          before == null ? FIRST_VERSION : version(client.calls().world().random()).toString();
      put(name, content(wanted, text), version);
    }
  }

  private static boolean isText(PushMetadata metadata) {
    String format = metadata.text("secretPushFormat", "binary");
    return switch (format) {
      case "string" -> true;
      case "binary" -> false;
      default -> throw new StoreException("invalid secret push format: " + format);
    };
  }

  private static byte[] withProperty(String name, byte[] before, String property, byte[] value) {
    return property.isEmpty()
        ? value
        : JsonSecret.of(name, before).with(property, value).getBytes(StandardCharsets.UTF_8);
  }

  private static Struct content(byte[] value, boolean text) {
    return text
        ? Struct.of("SecretString", new String(value, StandardCharsets.UTF_8))
        : Struct.of("SecretBinary", Base64.getEncoder().encodeToString(value));
  }

  private @Nullable Struct described(String name) throws InterruptedException {
    try {
      return client.call("DescribeSecret", Struct.of("SecretId", name));
    } catch (AwsException e) {
      if (e.is("ResourceNotFoundException")) {
        return null;
      }
      throw e;
    }
  }

  private void create(String name, Struct content, PushMetadata metadata)
      throws InterruptedException {
    String key = metadata.text("kmsKeyId", "alias/aws/secretsmanager");
    Struct made =
        client.call(
            "CreateSecret",
            StructBuilder.from(content)
                .add("Name", name)
                .add("ClientRequestToken", FIRST_VERSION)
                .add("Description", Tags.description(metadata))
                .add("KmsKeyId", key)
                .add("Tags", Tags.list(Tags.wanted(metadata)))
                .addUnlessEmpty(
                    "AddReplicaRegions",
                    Replication.regions(metadata.spec().strings("replicationLocations"), key))
                .build());
    Struct wanted = metadata.spec().struct("resourcePolicy");
    if (!wanted.struct("policySourceRef").isEmpty()) {
      policy.apply(made.string("ARN"), wanted);
    }
  }

  private void put(String name, Struct content, String version) throws InterruptedException {
    Struct _ =
        client.call(
            "PutSecretValue",
            StructBuilder.from(content)
                .add("SecretId", name)
                .add("ClientRequestToken", version)
                .build());
  }

  private static UUID version(RandomGenerator random) {
    long high = random.nextLong() & ~0xf000L | 0x4000L;
    long low = random.nextLong() & ~(0xc0L << 56) | 0x80L << 56;
    return new UUID(high, low);
  }

  private void retag(String name, Map<String, String> there, PushMetadata metadata)
      throws InterruptedException {
    if (metadata.spec().struct("tags").isEmpty()) {
      return;
    }
    Map<String, String> wanted = Tags.wanted(metadata);
    List<String> gone = Tags.toRemove(there, wanted);
    if (!gone.isEmpty()) {
      Struct _ = client.call("UntagResource", Struct.of("SecretId", name, "TagKeys", gone));
    }
    if (!there.entrySet().containsAll(wanted.entrySet())) {
      Struct _ = client.call("TagResource", Struct.of("SecretId", name, "Tags", Tags.list(wanted)));
    }
  }

  @Override
  public void delete(String name, String property) throws InterruptedException {
    Struct there = described(name);
    boolean over = there == null || there.has("DeletedDate");
    if (there == null || over || !Tags.areOurs(Tags.of(there.structs("Tags")))) {
      return; // it is gone, or was never ours
    }
    String rest = property.isEmpty() ? "" : rest(name, property);
    if (!rest.isEmpty()) {
      put(
          name,
          Struct.of("SecretString", rest),
          version(client.calls().world().random()).toString());
      return;
    }
    replication.end(name, there);
    StructBuilder request = new StructBuilder().add("SecretId", there.string("ARN"));
    if (settings.bool("forceDeleteWithoutRecovery")) {
      request.add("ForceDeleteWithoutRecovery", true);
    }
    Struct _ =
        client.call(
            "DeleteSecret",
            request
                .addUnlessZero("RecoveryWindowInDays", settings.integer("recoveryWindowInDays"))
                .build());
  }

  private String rest(String name, String property) throws InterruptedException {
    Struct found = client.call("GetSecretValue", Struct.of("SecretId", name));
    return JsonSecret.of(name, SecretsManager.value(name, found)).without(property);
  }

  /// What is wrong with a store's `secretsManager`; empty if nothing is.
  static Optional<String> problem(Struct settings) {
    long days = settings.integer("recoveryWindowInDays");
    if (days != 0 && (days < 7 || days > 30)) {
      return Optional.of(
          "invalid DeleteSecretInput: RecoveryWindowInDays must be between 7 and 30 days");
    }
    return days != 0 && settings.bool("forceDeleteWithoutRecovery")
        ? Optional.of(
            "invalid DeleteSecretInput: ForceDeleteWithoutRecovery conflicts with"
                + " RecoveryWindowInDays")
        : Optional.empty();
  }
}

package dev.tiphys.secrets.provider.aws.secretsmanager;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import dev.tiphys.secrets.provider.aws.client.AwsException;
import dev.tiphys.secrets.provider.aws.store.AwsStore;
import dev.tiphys.secrets.provider.aws.store.JsonSecret;
import dev.tiphys.secrets.provider.aws.store.Tags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The secrets of one account and region.
///
/// Threads: any.
public final class SecretsManager extends AwsStore {

  private static final String CURRENT = "AWSCURRENT";
  private static final String VERSION_ID = "uuid/";

  /// @param settings of the store
  /// @param references what pushes refer to
  public SecretsManager(AwsClient client, Struct settings, References references) {
    super(
        client,
        settings.string("prefix"),
        new SecretPush(client, settings.struct("secretsManager"), references));
  }

  /// What is wrong with a store's settings; empty if nothing is.
  public static Optional<String> problem(Struct settings) {
    return SecretPush.problem(settings.struct("secretsManager"));
  }

  @Override
  protected byte[] whole(RemoteReference reference) throws InterruptedException {
    return whole(prefix + reference.key(), reference);
  }

  private byte[] whole(String name, RemoteReference reference) throws InterruptedException {
    String version = reference.version().isEmpty() ? CURRENT : reference.version();
    String kind = reference.metadata() ? "TAG" : "SECRET";
    return answers.of(
        String.join("#", name, version, kind),
        () -> reference.metadata() ? tags(name) : value(name, version));
  }

  private byte[] tags(String name) throws InterruptedException {
    try {
      Struct found = client.call("DescribeSecret", Struct.of("SecretId", name));
      return JsonSecret.ofTags(Tags.of(found.structs("Tags")));
    } catch (AwsException e) {
      throw missingOr(e);
    }
  }

  private byte[] value(String name, String version) throws InterruptedException {
    Struct which =
        version.startsWith(VERSION_ID)
            ? Struct.of("VersionId", version.substring(VERSION_ID.length()))
            : Struct.of("VersionStage", version);
    try {
      Struct found = client.call("GetSecretValue", which.with("SecretId", name));
      return value(name, found);
    } catch (AwsException e) {
      throw missingOr(e);
    }
  }

  /// The value of an answer.
  ///
  /// @throws StoreException if it has none
  static byte[] value(String name, Struct answer) {
    try {
      if (answer.get("SecretString") instanceof String text) {
        return text.getBytes(StandardCharsets.UTF_8);
      }
      if (answer.get("SecretBinary") instanceof String encoded) {
        return Base64.getDecoder().decode(encoded);
      }
    } catch (IllegalArgumentException e) {
      // said below, without the content
    }
    throw new StoreException(
        "invalid secret received. no secret string nor binary for key: " + name);
  }

  private static StoreException missingOr(AwsException e) {
    boolean missing =
        e.is("ResourceNotFoundException")
            || e.is("InvalidParameterException") && e.detail().contains("was marked for deletion")
            || e.is("InvalidRequestException") && e.detail().contains("marked for deletion");
    return missing ? new MissingSecretException() : e;
  }

  @Override
  public Map<String, byte[]> find(Search search) throws InterruptedException {
    if (search.tags().isEmpty() && search.name() == null) {
      throw new StoreException("unexpected find operator");
    }
    if (search.tags().isEmpty() && search.path().isEmpty()) {
      return foundOneByOne(search);
    }
    List<Struct> filters = new ArrayList<>();
    new TreeMap<>(search.tags())
        .forEach(
            (key, value) -> {
              filters.add(filter("tag-key", key));
              filters.add(filter("tag-value", value));
            });
    if (!search.path().isEmpty()) {
      filters.add(filter("name", search.path()));
    }
    return foundTogether(search, Struct.of("Filters", filters));
  }

  private static Struct filter(String key, String value) {
    return Struct.of("Key", key, "Values", List.of(value));
  }

  private Map<String, byte[]> foundOneByOne(Search search) throws InterruptedException {
    Map<String, byte[]> found = new TreeMap<>();
    for (Struct page : client.pages("ListSecrets", Struct.EMPTY)) {
      for (Struct each : page.structs("SecretList")) {
        String name = each.string("Name");
        if (search.isFor(name)) {
          found.put(name, whole(name, new RemoteReference(name, "")).clone());
        }
      }
    }
    return found;
  }

  private Map<String, byte[]> foundTogether(Search search, Struct filters)
      throws InterruptedException {
    Map<String, byte[]> found = new TreeMap<>();
    for (Struct page : client.pages("BatchGetSecretValue", filters)) {
      for (Struct error : page.structs("Errors")) {
        // What may not be read is not found; what could not be read would seem to be gone.
        if (!error.string("ErrorCode").equals("AccessDeniedException")) {
          throw new StoreException(
              "unable to get secret %s: %s"
                  .formatted(error.string("SecretId"), error.string("ErrorCode")));
        }
      }
      for (Struct each : page.structs("SecretValues")) {
        String name = each.string("Name");
        if (search.isFor(name)) {
          found.put(name, value(name, each));
        }
      }
    }
    return found;
  }

  @Override
  public boolean has(RemoteReference reference) throws InterruptedException {
    try {
      byte[] whole = value(prefix + reference.key(), CURRENT);
      return reference.property().isEmpty()
          || JsonSecret.of(reference.key(), whole).has(reference.property());
    } catch (MissingSecretException e) {
      return false;
    }
  }
}

package dev.tiphys.secrets.provider.aws.parameterstore;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import dev.tiphys.secrets.provider.aws.client.AwsException;
import dev.tiphys.secrets.provider.aws.store.AwsStore;
import dev.tiphys.secrets.provider.aws.store.JsonSecret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The parameters of one account and region.
///
/// Threads: any.
public final class ParameterStore extends AwsStore {

  private final ParameterPush writing;

  /// @param settings of the store
  public ParameterStore(AwsClient client, Struct settings) {
    this(client, settings, new ParameterPush(client));
  }

  private ParameterStore(AwsClient client, Struct settings, ParameterPush writing) {
    super(client, settings.string("prefix"), writing);
    this.writing = writing;
  }

  @Override
  protected byte[] whole(RemoteReference reference) throws InterruptedException {
    String version = reference.version().isEmpty() ? "" : ":" + reference.version();
    String name = prefix + reference.key() + version;
    return reference.metadata()
        ? answers.of("TAG#" + name, () -> JsonSecret.ofTags(tags(prefix + reference.key())))
        : value(name);
  }

  private Map<String, String> tags(String name) throws InterruptedException {
    try {
      return writing.tags(name);
    } catch (AwsException e) {
      throw missingOr(e);
    }
  }

  private byte[] value(String name) throws InterruptedException {
    return answers.of(
        "VALUE#" + name,
        () -> {
          try {
            return text(name, writing.parameter(name)).getBytes(StandardCharsets.UTF_8);
          } catch (AwsException e) {
            throw missingOr(e);
          }
        });
  }

  private static String text(String name, Struct parameter) {
    if (parameter.get("Value") instanceof String text) {
      return text;
    }
    throw new StoreException("invalid secret received. parameter value is nil for key: " + name);
  }

  private static StoreException missingOr(AwsException e) {
    boolean missing =
        e.is("ParameterNotFound") || e.is("ParameterVersionNotFound") || e.is("InvalidResourceId");
    return missing ? new MissingSecretException() : e;
  }

  @Override
  public Map<String, byte[]> find(Search search) throws InterruptedException {
    if (search.name() != null) {
      return foundByName(search);
    }
    if (search.tags().isEmpty()) {
      throw new StoreException("unexpected find operator");
    }
    List<Struct> filters = new ArrayList<>();
    new TreeMap<>(search.tags())
        .forEach(
            (key, value) ->
                filters.add(
                    Struct.of("Key", "tag:" + key, "Option", "Equals", "Values", List.of(value))));
    return described(search, filters);
  }

  private Map<String, byte[]> foundByName(Search search) throws InterruptedException {
    String path = search.path().isEmpty() ? "/" : search.path();
    Struct request = Struct.of("Path", path, "Recursive", true, "WithDecryption", true);
    Map<String, byte[]> found = new TreeMap<>();
    try {
      for (Struct page : client.pages("GetParametersByPath", request)) {
        for (Struct each : page.structs("Parameters")) {
          String name = each.string("Name");
          if (search.isFor(name)) {
            found.put(name, text(name, each).getBytes(StandardCharsets.UTF_8));
          }
        }
      }
      return found;
    } catch (AwsException e) {
      if (e.is("AccessDeniedException")) {
        return described(search, List.of()); // which asks for fewer rights
      }
      throw new StoreException("fetching parameters by path %s: %s".formatted(path, e.message()));
    }
  }

  private Map<String, byte[]> described(Search search, List<Struct> filters)
      throws InterruptedException {
    List<Struct> all = new ArrayList<>(filters);
    if (!search.path().isEmpty()) {
      all.add(Struct.of("Key", "Path", "Option", "Recursive", "Values", List.of(search.path())));
    }
    Map<String, byte[]> found = new TreeMap<>();
    for (Struct page : client.pages("DescribeParameters", Struct.of("ParameterFilters", all))) {
      for (Struct each : page.structs("Parameters")) {
        String name = each.string("Name");
        if (search.isFor(name)) {
          found.put(name, value(name).clone());
        }
      }
    }
    return found;
  }

  @Override
  public boolean has(RemoteReference reference) throws InterruptedException {
    try {
      String value = text(reference.key(), writing.parameter(prefix + reference.key()));
      return reference.property().isEmpty()
          || new JsonSecret(reference.key(), value).has(reference.property());
    } catch (AwsException e) {
      if (missingOr(e) instanceof MissingSecretException || e.is("ResourceNotFoundException")) {
        return false;
      }
      throw e;
    }
  }
}

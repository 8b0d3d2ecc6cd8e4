package dev.tiphys.secrets.push;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.secrets.generator.Making;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.model.PushSecret;
import dev.tiphys.secrets.provider.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The Secrets that a PushSecret is about.
///
/// @param secret what selects them
record Source(PushSecret secret, PushTools tools) {

  /// The Secret that is named; empty if none is.
  String name() {
    return secret.spec().string("selector", "secret", "name");
  }

  /// The values of each of them, as the template makes them.
  ///
  /// @throws StoreException if a generator or the template fails
  /// @throws dev.tiphys.object.api.ApiException if they cannot be read
  List<Map<String, byte[]>> read() throws InterruptedException {
    List<Map<String, byte[]>> all = new ArrayList<>();
    for (Map<String, byte[]> values : values()) {
      all.add(
          secret.spec().has("template")
              ? tools.renderer().render(secret.asTemplate(), values, values).data()
              : values);
    }
    return all;
  }

  private Map<String, byte[]> generated(Struct reference) throws InterruptedException {
    try {
      Making making = tools.generators().making(secret.object());
      Map<String, byte[]> values = making.generate("", reference);
      making.keep();
      return values;
    } catch (StoreException e) {
      throw new StoreException("could not get source secret");
    }
  }

  private List<Map<String, byte[]>> values() throws InterruptedException {
    Struct selector = secret.spec().struct("selector");
    if (!name().isEmpty()) {
      return List.of(
          SecretData.of(tools.api().get(ApiResource.SECRETS, secret.namespace(), name())));
    }
    if (selector.has("generatorRef")) {
      return List.of(generated(selector.struct("generatorRef")));
    }
    LabelSelector labels = LabelSelector.from(selector.struct("secret", "selector"));
    return tools
        .api()
        .list(ApiResource.SECRETS, secret.namespace(), ListOptions.ALL)
        .items()
        .stream()
        .filter(each -> labels.matches(each.struct("metadata", "labels")))
        .map(SecretData::of)
        .toList();
  }
}

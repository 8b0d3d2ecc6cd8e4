package dev.tiphys.monitoring.alerting;

import dev.tiphys.monitoring.config.Assets;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;

/// What settings take from Secrets and ConfigMaps of a namespace: texts, or files that hold them.
record Values(String namespace, Sources sources, Assets assets) {

  /// What a key of a Secret holds, without spaces around it.
  ///
  /// @param reference `{name, key}`
  String secret(Struct reference) throws RejectedException {
    return text(sources.secret(namespace, reference));
  }

  /// What `{secret: {name, key}}` or `{configMap: {name, key}}` leads to.
  String either(Struct field) throws RejectedException {
    byte[] content = sources.either(namespace, field);
    return content == null ? "" : text(content);
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8).strip();
  }

  /// A file with what a key of a Secret holds.
  String secretFile(Struct reference) throws RejectedException {
    return assets.secret(sources.secret(namespace, reference));
  }

  /// A file with what `{secret: {name, key}}` or `{configMap: {name, key}}` leads to.
  String eitherFile(Struct field) throws RejectedException {
    byte[] content = sources.either(namespace, field);
    if (content == null) {
      throw new RejectedException("neither a Secret nor a ConfigMap is named");
    }
    return assets.secret(content);
  }
}

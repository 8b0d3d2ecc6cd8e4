package dev.tiphys.template.sprig.crypto;

import dev.tiphys.template.value.Instance;
import dev.tiphys.template.value.Type;
import java.util.LinkedHashMap;
import java.util.Map;

/// A certificate and its key, as texts.
record Certificate(String cert, String key) implements Instance {

  static final Type TYPE = Type.struct("sprig.certificate");

  @Override
  public Type type() {
    return TYPE;
  }

  @Override
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Cert", cert);
    fields.put("Key", key);
    return fields;
  }
}

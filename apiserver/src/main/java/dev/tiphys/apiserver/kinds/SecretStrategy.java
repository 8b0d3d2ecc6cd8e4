package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Secrets: text that comes as `stringData` is kept as data.
final class SecretStrategy implements Strategy {

  @Override
  public Struct prepareForCreate(Call call, Struct secret) {
    return merged(secret);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct secret, Struct old) {
    return merged(secret);
  }

  private static Struct merged(Struct secret) {
    Struct texts = secret.struct("stringData");
    if (texts.isEmpty()) {
      return secret.without("stringData");
    }
    StructBuilder data = StructBuilder.from(secret.struct("data"));
    texts.forEach(
        (key, text) ->
            data.add(
                key,
                Base64.getEncoder()
                    .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8))));
    return secret.without("stringData").with("data", data.build());
  }
}

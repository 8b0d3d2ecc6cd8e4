package dev.tiphys.template.externalsecrets;

import dev.tiphys.template.function.Function;
import java.util.ArrayList;
import java.util.List;

/// The functions that External Secrets adds.
public final class ExternalSecrets {

  private ExternalSecrets() {}

  public static List<Function> functions() {
    List<Function> all = new ArrayList<>();
    all.addAll(Keystores.functions());
    all.addAll(Chains.functions());
    all.addAll(WebKeys.functions());
    all.addAll(Yamls.functions());
    all.addAll(Decryption.functions());
    return all;
  }
}

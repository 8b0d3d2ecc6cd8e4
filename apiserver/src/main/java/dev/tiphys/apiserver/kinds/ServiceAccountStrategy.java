package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;

/// Service accounts: of the secrets they name, only the names are kept.
final class ServiceAccountStrategy implements Strategy {

  @Override
  public Struct prepareForCreate(Call call, Struct account) {
    return namesOnly(account);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct account, Struct old) {
    return namesOnly(account);
  }

  private static Struct namesOnly(Struct account) {
    List<Struct> secrets = account.structs("secrets");
    if (secrets.isEmpty()) {
      return account;
    }
    return account.with("secrets", secrets.stream().map(ServiceAccountStrategy::nameOnly).toList());
  }

  private static Struct nameOnly(Struct secret) {
    return new StructBuilder().addUnlessEmpty("name", secret.string("name")).build();
  }
}

package dev.tiphys.controllers.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.token.TokenSigner;
import dev.tiphys.world.World;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Fills Secrets of the type `kubernetes.io/service-account-token` with a token of the account that
/// an annotation names, and deletes those whose account has gone.
public final class TokenSecretController implements Component {

  private static final String TYPE = "kubernetes.io/service-account-token";
  private static final String ACCOUNT = "kubernetes.io/service-account.name";
  private static final String UID = "kubernetes.io/service-account.uid";
  private static final String CLAIM = "kubernetes.io/serviceaccount/";

  private final Api api;
  private final Informer secrets;
  private final TokenSigner signer;
  private final String rootCertificates;
  private final Controller controller;

  /// @param signer signs the tokens
  /// @param rootCertificates what programs verify the API server with, as PEM
  public TokenSecretController(
      World world, Api api, ClusterView cluster, TokenSigner signer, String rootCertificates) {
    this.api = api;
    this.signer = signer;
    this.rootCertificates = rootCertificates;
    this.secrets = cluster.of(ApiResource.SECRETS);
    this.controller = new Controller("tokens-controller", world, 1, this::reconcile);
    secrets.listen(Informer.Listener.ofAll(this::changed));
    cluster
        .of(ApiResource.SERVICE_ACCOUNTS)
        .listen(
            new Informer.Listener() {
              @Override
              public void added(Struct account) {
                ofAccount(account);
              }

              @Override
              public void deleted(Struct account) {
                ofAccount(account);
              }
            });
  }

  private void changed(Struct secret) {
    if (secret.string("type").equals(TYPE)) {
      controller.enqueue(secret);
    }
  }

  private void ofAccount(Struct account) {
    Meta meta = Meta.of(account);
    for (Struct secret : secrets.list(meta.namespace())) {
      if (secret.string("metadata", "annotations", ACCOUNT).equals(meta.name())) {
        changed(secret);
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct secret = api.find(ApiResource.SECRETS, key.namespace(), key.name());
    if (secret == null || Meta.of(secret).isBeingDeleted() || !secret.string("type").equals(TYPE)) {
      return Outcome.DONE;
    }
    Struct annotations = secret.struct("metadata", "annotations");
    String name = annotations.string(ACCOUNT);
    if (name.isEmpty()) {
      return Outcome.DONE;
    }
    Struct account = api.find(ApiResource.SERVICE_ACCOUNTS, key.namespace(), name);
    String uid = annotations.string(UID);
    if (account == null || !uid.isEmpty() && !uid.equals(Meta.of(account).uid())) {
      delete(secret);
      return Outcome.DONE;
    }
    Struct filled = filled(secret, account);
    if (!filled.equals(secret)) {
      api.update(ApiResource.SECRETS, filled);
    }
    return Outcome.DONE;
  }

  private void delete(Struct secret) {
    Meta meta = Meta.of(secret);
    try {
      api.delete(
          ApiResource.SECRETS, meta.namespace(), meta.name(), DeleteOptions.withUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  private Struct filled(Struct secret, Struct account) {
    Meta meta = Meta.of(secret);
    Struct data = secret.struct("data");
    StructBuilder next = StructBuilder.from(data);
    if (!rootCertificates.isEmpty()) {
      next.add("ca.crt", encoded(rootCertificates));
    }
    next.add("namespace", encoded(meta.namespace()));
    if (data.string("token").isEmpty()) {
      next.add("token", encoded(token(meta, Meta.of(account))));
    }
    Struct same = next.build();
    return Meta.withAnnotation(
        same.equals(data) ? secret : secret.with("data", same), UID, Meta.of(account).uid());
  }

  private String token(Meta secret, Meta account) {
    String name = account.name();
    Struct claims =
        new StructBuilder()
            .add("iss", "kubernetes/serviceaccount")
            .add(CLAIM + "namespace", secret.namespace())
            .add(CLAIM + "secret.name", secret.name())
            .add(CLAIM + "service-account.name", name)
            .add(CLAIM + "service-account.uid", account.uid())
            .add("sub", "system:serviceaccount:" + secret.namespace() + ":" + name)
            .build();
    return signer.sign(Json.bytes(claims));
  }

  private static String encoded(@Nullable String text) {
    return Base64.getEncoder().encodeToString(String.valueOf(text).getBytes(UTF_8));
  }

  @Override
  public void close() {
    controller.close();
  }
}

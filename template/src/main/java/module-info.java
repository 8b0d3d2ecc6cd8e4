import org.jspecify.annotations.NullMarked;

/// Text templates as Go has them, with the functions of Sprig and of External Secrets.
@NullMarked
module dev.tiphys.template {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.world;
  requires com.nimbusds.jose.jwt;
  requires dev.tiphys.cel;
  requires dev.tiphys.object;
  requires dev.tiphys.pki;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;

  exports dev.tiphys.template;
}

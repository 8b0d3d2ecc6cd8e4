/// PushSecrets: Secrets of the cluster that stores have, too.
package dev.tiphys.secrets.push;

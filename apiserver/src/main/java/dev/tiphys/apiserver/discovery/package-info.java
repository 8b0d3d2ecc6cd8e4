/// What the server serves, told to clients: groups, versions and resources, in both forms that
/// clients ask for.
package dev.tiphys.apiserver.discovery;

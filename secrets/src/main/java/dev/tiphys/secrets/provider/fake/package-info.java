/// Stores whose secrets stand in their own settings: for trying things out.
package dev.tiphys.secrets.provider.fake;

package dev.qmp.transport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How {@code ssh} is run for a {@link QmpAddress.Ssh}. Immutable. Keys, agent, known hosts and all else come from the user's
 * own configuration unless they are given here. It never asks for anything: what needs a password or a yes fails.
 */
public final class SshOptions {

    /** The {@code ssh} of the PATH with the user's own configuration. */
    public static final SshOptions DEFAULT = builder().build();

    private final Builder values;

    private SshOptions(Builder builder) {
        this.values = builder.copy();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return values.copy();
    }

    public String program() {
        return values.program;
    }

    public Optional<Path> configFile() {
        return Optional.ofNullable(values.configFile);
    }

    public List<String> options() {
        return List.copyOf(values.options);
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private static final Pattern OPTION = Pattern.compile("[A-Za-z]+=.*");

        private String program = "ssh";
        private @Nullable Path configFile;
        private final List<String> options = new ArrayList<>();

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.program = program;
            copy.configFile = configFile;
            copy.options.addAll(options);
            return copy;
        }

        /** OpenSSH's client, 6.7 or later: a path, or a name that the PATH has. Default: {@code ssh}. */
        public Builder program(String ssh) {
            this.program = ssh;
            return this;
        }

        /** Read instead of the user's and the system's configuration ({@code -F}). Default: those. */
        public Builder configFile(Path file) {
            this.configFile = file;
            return this;
        }

        /**
         * One more {@code Name=value} of ssh_config(5), before the configuration ({@code -o}); may be called again. What
         * makes a link of it, such as BatchMode, cannot be changed.
         *
         * @throws IllegalArgumentException where this is no such text
         */
        public Builder option(String nameAndValue) {
            if (!OPTION.matcher(nameAndValue).matches()) {
                throw new IllegalArgumentException("not an option of ssh's: '" + nameAndValue + "'; write Name=value");
            }
            this.options.add(nameAndValue);
            return this;
        }

        public SshOptions build() {
            return new SshOptions(this);
        }
    }
}

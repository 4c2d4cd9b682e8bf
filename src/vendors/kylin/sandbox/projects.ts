import type { Random } from '../../../sandbox-kit/random.ts';

export interface Project {
  uuid: string;
  name: string;
  owner: string;
  description: string;
  /** Names of the models and tables that still exist. */
  subjects: Set<string>;
}

export interface Projects {
  add(name: string, description?: string): void;
  /** The exact name only. */
  has(name: string): boolean;
  /** A project's name is found in any spelling. */
  find(name: string): Project | undefined;
  all(): Project[];
  addSubject(project: string, subject: string): void;
}

export function createProjects(random: Random): Projects {
  const projects = new Map<string, Project>();
  return {
    add(name, description = '') {
      projects.set(name.toLowerCase(), { uuid: random.uuid(), name, owner: 'ADMIN', description, subjects: new Set() });
    },
    has: (name) => projects.get(name.toLowerCase())?.name === name,
    find: (name) => projects.get(name.toLowerCase()),
    all: () => [...projects.values()],
    addSubject(project, subject) {
      projects.get(project.toLowerCase())?.subjects.add(subject);
    },
  };
}
